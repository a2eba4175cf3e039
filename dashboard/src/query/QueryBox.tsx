import type { ExploreSignal } from '@orrery/collector/api';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { ApiError } from '../api/api-error.js';
import { ask } from '../api/client.js';
import { facetClause } from '../api/filter-text.js';
import { useAnswer } from '../api/use-answer.js';
import { usePageTime } from '../time/use-time.js';
import { useFocusKey } from '../ui/FilterInput.js';
import { figureText } from '../ui/figure-text.js';
import { type Completion, complete, completionAt } from './completion.js';
import styles from './QueryBox.module.css';

export interface QueryBoxProps {
  signal: ExploreSignal;
  value: string;
  onChange: (query: string) => void;
  placeholder: string;
  /** Fields that the signal's list does not name, such as those of the trace itself. */
  moreFields?: readonly string[];
  error?: ApiError | null;
}

/** A filter in Orrery's language, with completion of fields and of values with their counts. `Enter` asks. */
export function QueryBox({ signal, value, onChange, placeholder, moreFields = [], error }: QueryBoxProps) {
  const [text, setText] = useState(value);
  const [cursor, setCursor] = useState(0);
  const [opened, setOpened] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const time = usePageTime();
  useEffect(() => setText(value), [value]);
  useFocusKey(input);
  const completion = opened ? completionAt(text, cursor) : null;
  const fields = useAnswer('/fields', { signal, ...time.parameters }, { enabled: opened });
  const values = useQuery({
    queryKey: [
      'completion',
      signal,
      completion?.kind === 'value' ? [completion.field, completion.prefix] : null,
      time.parameters,
    ],
    queryFn: ({ signal: abort }) =>
      ask(
        '/fields/values',
        {
          signal,
          ...time.parameters,
          field: completion?.kind === 'value' ? completion.field : '',
          prefix: completion?.prefix ?? '',
          limit: 20,
        },
        abort,
      ),
    enabled: completion?.kind === 'value',
    placeholderData: (previous) => previous,
    retry: false,
  });
  const offers = offersOf(
    completion,
    [...moreFields, ...(fields.data?.fields.map((field) => field.name) ?? [])],
    values.data?.values ?? [],
  );
  const take = (insert: string) => {
    if (!completion) return;
    const next = complete(text, completion, insert);
    setText(next.text);
    setCursor(next.cursor);
    setChosen(-1);
    requestAnimationFrame(() => input.current?.setSelectionRange(next.cursor, next.cursor));
  };
  const onKey = (event: KeyboardEvent) => {
    const offer = offers[chosen];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setOpened(true);
      setChosen(Math.max(-1, Math.min(offers.length - 1, chosen + (event.key === 'ArrowDown' ? 1 : -1))));
    } else if ((event.key === 'Enter' || event.key === 'Tab') && offer) {
      event.preventDefault();
      take(offer.insert);
    } else if (event.key === 'Enter') {
      setOpened(false);
      onChange(text.trim());
    } else if (event.key === 'Escape') {
      event.preventDefault();
      if (opened && offers.length > 0) setOpened(false);
      else input.current?.blur();
    }
  };
  const expanded = opened && offers.length > 0;
  return (
    <div className={styles.box}>
      <input
        ref={input}
        className={styles.input}
        value={text}
        placeholder={placeholder}
        aria-label="Filter"
        role="combobox"
        aria-expanded={expanded}
        aria-controls={listId}
        aria-activedescendant={expanded && chosen >= 0 ? `${listId}-${chosen}` : undefined}
        aria-invalid={error ? true : undefined}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          setText(event.target.value);
          setCursor(event.target.selectionStart ?? event.target.value.length);
          setOpened(true);
          setChosen(-1);
        }}
        onSelect={(event) => setCursor(event.currentTarget.selectionStart ?? 0)}
        onFocus={() => setOpened(true)}
        onBlur={() => {
          setOpened(false);
          if (text.trim() !== value) onChange(text.trim());
        }}
        onKeyDown={onKey}
      />
      <div id={listId} role="listbox" aria-label="Completions" className={styles.list} hidden={!expanded}>
        {offers.map((offer, index) => (
          <div
            key={offer.name}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === chosen}
            className={styles.offer}
            onMouseDown={(event) => {
              event.preventDefault();
              take(offer.insert);
            }}
          >
            <span>{offer.name}</span>
            <small>{offer.note}</small>
          </div>
        ))}
      </div>
      {error && (
        <p className={styles.fault} role="alert">
          {error.message}
          {error.faults[0]?.position !== undefined && ` (at character ${error.faults[0].position + 1})`}
        </p>
      )}
    </div>
  );
}

interface Offer {
  name: string;
  insert: string;
  note: string;
}

function offersOf(
  completion: Completion | null,
  fields: readonly string[],
  values: readonly { value: string; count: number }[],
): Offer[] {
  if (!completion) return [];
  if (completion.kind === 'value') {
    return values.map((entry) => ({
      name: entry.value,
      insert: `${facetClause('', entry.value).slice(1)} `,
      note: figureText(entry.count),
    }));
  }
  const wanted = completion.prefix.toLowerCase();
  return [...new Set(fields)]
    .filter((field) => field.toLowerCase().includes(wanted))
    .slice(0, 12)
    .map((field) => ({ name: field, insert: `${field}:`, note: '' }));
}
