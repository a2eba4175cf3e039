/** How to start Chromium here: hand both to Playwright's `chromium.launch`. */
export interface ChromiumLaunch {
  executablePath: string;
  args: string[];
}

/** `ORRERY_CHROMIUM`, else Playwright's own Chromium, else the system's; undefined when there is none. */
export function findChromium(): ChromiumLaunch | undefined;

/**
 * The same, installing Debian's package first when `CI=true` and this process is root.
 * @throws CannotError with the command that would provide one
 */
export function provideChromium(): Promise<ChromiumLaunch>;
