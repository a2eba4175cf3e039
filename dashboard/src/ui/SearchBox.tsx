import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useDeferredValue, useId, useState } from 'react';
import { ask } from '../api/client.js';
import { useDoor } from '../time/use-address.js';
import styles from './SearchBox.module.css';
import { searchSuggestions } from './search-suggestions.js';

/** One box for everything. An id pasted here goes straight to its page. */
export function SearchBox({ input }: { input: RefObject<HTMLInputElement | null> }) {
  const [text, setText] = useState('');
  const [opened, setOpened] = useState(false);
  const [chosen, setChosen] = useState(0);
  const router = useRouter();
  const door = useDoor();
  const listId = useId();
  const asked = useDeferredValue(text.trim());
  const answer = useQuery({
    queryKey: ['/search', asked],
    queryFn: ({ signal }) => ask('/search', { q: asked }, signal),
    enabled: opened && asked.length > 0,
    placeholderData: (previous) => previous,
  });
  const hits = asked ? searchSuggestions(asked, answer.data?.hits ?? []) : [];
  const open = (href: string) => {
    setOpened(false);
    setText('');
    input.current?.blur();
    router.history.push(door(href));
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setChosen((chosen + step + hits.length) % Math.max(1, hits.length));
    } else if (event.key === 'Enter') {
      // What stands there now counts: a paste and Enter are faster than the list.
      const typed = text.trim();
      const current = typed === asked ? hits : typed ? searchSuggestions(typed, []) : [];
      const hit = current[Math.min(chosen, current.length - 1)];
      if (hit) open(hit.href);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      setOpened(false);
      input.current?.blur();
    }
  };
  const expanded = opened && asked.length > 0;
  return (
    <div className={styles.box}>
      <Search size={15} className={styles.icon} aria-hidden="true" />
      <input
        ref={input}
        className={styles.input}
        value={text}
        placeholder="Search services, traces, sagas, correlation ids …"
        aria-label="Search"
        role="combobox"
        aria-expanded={expanded}
        aria-controls={listId}
        aria-activedescendant={expanded && hits.length ? `${listId}-${chosen}` : undefined}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          setText(event.target.value);
          setChosen(0);
          setOpened(true);
        }}
        onFocus={() => setOpened(true)}
        onBlur={() => setOpened(false)}
        onKeyDown={onKey}
      />
      <kbd className={styles.key}>/</kbd>
      <div id={listId} role="listbox" aria-label="Search results" className={styles.list} hidden={!expanded}>
        {hits.map((hit, index) => (
          <div
            key={`${hit.kind} ${hit.href} ${hit.title}`}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === chosen}
            className={styles.hit}
            onMouseDown={(event) => event.preventDefault()}
            onMouseEnter={() => setChosen(index)}
            onClick={() => open(hit.href)}
          >
            <span className={styles.kind}>{hit.kind}</span>
            <span className={styles.title}>{hit.title}</span>
            <span className={styles.subtitle}>{hit.subtitle}</span>
          </div>
        ))}
        {answer.isError && <p className={styles.note}>The search did not answer; the ways below still work.</p>}
      </div>
    </div>
  );
}
