import { useEffect, useRef, useState } from 'react';
import styles from './FilterInput.module.css';
import { isTyping } from './is-typing.js';

/** A plain text filter; `f` goes there. Takes effect a moment after the last key. */
export function FilterInput({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (value: string | undefined, options?: { replace?: boolean }) => void;
}) {
  const [text, setText] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => latest.current(text || undefined, { replace: true }), 250);
    return () => clearTimeout(timer);
  }, [text, value]);
  useFocusKey(input);
  return (
    <input
      ref={input}
      className={styles.input}
      type="search"
      aria-label={label}
      placeholder={label}
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  );
}

/** `f` puts the cursor into the filter of the page. */
export function useFocusKey(input: React.RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'f' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      event.preventDefault();
      input.current?.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [input]);
}
