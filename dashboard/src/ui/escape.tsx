import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';

interface EscapeStack {
  push(close: () => void): () => void;
  /** Closes what was opened last; false when nothing is open. */
  closeLast(): boolean;
}

const Context = createContext<EscapeStack>({ push: () => () => undefined, closeLast: () => false });

/** `Esc` closes what was opened last; panels say here that they are open. */
export function EscapeProvider({ children }: { children: ReactNode }) {
  const [stack] = useState(createStack);
  return <Context value={stack}>{children}</Context>;
}

function createStack(): EscapeStack {
  const open: (() => void)[] = [];
  return {
    push: (close) => {
      open.push(close);
      return () => {
        const at = open.lastIndexOf(close);
        if (at >= 0) open.splice(at, 1);
      };
    },
    closeLast: () => {
      const close = open.at(-1);
      close?.();
      return close !== undefined;
    },
  };
}

/** While `active`, `Esc` calls `close`. */
export function useEscape(active: boolean, close: () => void): void {
  const stack = useContext(Context);
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => (active ? stack.push(() => latest.current()) : undefined), [active, stack]);
}

export function useEscapeStack(): EscapeStack {
  return useContext(Context);
}
