/**
 * Provides Debian's libfaketime, unpacked and not installed, which lets a process that preloads it see another wall
 * clock.
 * @returns path of the library
 * @throws CannotError with a sentence for a person when it is not there and cannot be had
 */
export function provideFaketime(): Promise<string>;

/** Path of the library when it is there; undefined otherwise. */
export function findFaketime(): string | undefined;
