type Method = (...args: never[]) => unknown;

/**
 * Puts functions of ours in the place of methods of `holder`, its own or inherited ones, so that nobody who looks at them
 * can tell: name, length, every property they have (`util.promisify` has one of its own), the kind of function, and whether
 * the method is enumerable. Write those that replace methods of classes as methods: they have no `prototype`, either.
 */
export function override<Holder extends object>(holder: Holder, ours: Partial<Holder> & ThisType<Holder>): void {
  for (const key of Reflect.ownKeys(ours)) {
    const descriptor = descriptorOf(holder, key);
    const replacement = Reflect.get(ours, key) as Method;
    const original: unknown = descriptor?.value;
    if (typeof original !== 'function') {
      Reflect.set(holder, key, replacement);
      continue;
    }
    Object.defineProperty(holder, key, { ...descriptor, value: lookingLike(original as Method, replacement) });
  }
}

/**
 * Where a call of an overridden method goes on. What is inherited is looked up there at each call: others put theirs in its
 * place later (`domain` does, in `EventEmitter.prototype.emit`), and are to be met.
 */
export function behind<Holder extends object, Key extends keyof Holder>(holder: Holder, key: Key): Pick<Holder, Key> {
  if (!Object.hasOwn(holder, key)) return Object.getPrototypeOf(holder) as Pick<Holder, Key>;
  return { [key]: holder[key] } as Pick<Holder, Key>;
}

/** `ours` with everything that can be seen of `original`, but for what it has been given already. */
export function lookingLike<Ours extends Method>(original: Method, ours: Ours): Ours {
  const given = new Set(Reflect.ownKeys(ours));
  for (const key of ['name', 'length']) given.delete(key);
  for (const key of Reflect.ownKeys(original)) {
    const descriptor = Object.getOwnPropertyDescriptor(original, key);
    if (descriptor !== undefined && !given.has(key)) Object.defineProperty(ours, key, descriptor);
  }
  const { prototype } = original as { prototype?: object };
  if (prototype !== undefined && !given.has('prototype')) {
    const constructed = Object.create(Object.getPrototypeOf(prototype) as object | null, {
      ...Object.getOwnPropertyDescriptors(prototype),
      constructor: { value: ours, writable: true, configurable: true },
    }) as object;
    Object.defineProperty(ours, 'prototype', { value: constructed });
  }
  const kind: unknown = Object.getPrototypeOf(original);
  if (kind !== Object.getPrototypeOf(ours)) Object.setPrototypeOf(ours, kind as object | null);
  return ours;
}

function descriptorOf(start: object, key: PropertyKey): PropertyDescriptor | undefined {
  let holder: object | null = start;
  while (holder !== null) {
    const descriptor = Object.getOwnPropertyDescriptor(holder, key);
    if (descriptor !== undefined) return descriptor;
    holder = Object.getPrototypeOf(holder) as object | null;
  }
  return undefined;
}
