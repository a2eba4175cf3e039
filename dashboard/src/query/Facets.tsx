import type { ExploreSignal } from '@orrery/collector/api';
import { Minus } from 'lucide-react';
import { both, facetClause, holds, without } from '../api/filter-text.js';
import { useAnswer } from '../api/use-answer.js';
import { usePageTime } from '../time/use-time.js';
import { figureText } from '../ui/figure-text.js';
import { hueOf } from '../ui/hue.js';
import styles from './Facets.module.css';

export interface FacetsProps {
  signal: ExploreSignal;
  fields: readonly { name: string; title: string }[];
  query: string;
  onChange: (query: string) => void;
}

/** Values of a few fields with their counts; a click adds or takes away a clause of the filter. */
export function Facets({ signal, fields, query, onChange }: FacetsProps) {
  return (
    <nav className={styles.facets} aria-label="Facets">
      {fields.map((field) => (
        <Facet key={field.name} signal={signal} field={field} query={query} onChange={onChange} />
      ))}
    </nav>
  );
}

function Facet({
  signal,
  field,
  query,
  onChange,
}: {
  signal: ExploreSignal;
  field: { name: string; title: string };
  query: string;
  onChange: (query: string) => void;
}) {
  const time = usePageTime();
  const answer = useAnswer(
    '/fields/values',
    { signal, ...time.parameters, field: field.name, q: query, limit: 8 },
    { refresh: time.refresh === false ? false : Math.max(15_000, time.refresh) },
  );
  const values = answer.data?.values.filter((entry) => entry.value !== '') ?? [];
  if (answer.data && values.length === 0) return null;
  const top = Math.max(1, ...values.map((entry) => entry.count));
  return (
    <section className={styles.facet}>
      <h2>{field.title}</h2>
      {answer.isError && <p className={styles.note}>{answer.error.message}</p>}
      {values.map((entry) => {
        const wanted = facetClause(field.name, entry.value);
        const chosen = holds(query, wanted);
        return (
          <div key={entry.value} className={styles.value} data-chosen={chosen || undefined}>
            <button
              type="button"
              aria-pressed={chosen}
              title={entry.value}
              onClick={() => onChange(chosen ? without(query, wanted) : both(query, wanted))}
            >
              <i style={{ width: `${(entry.count / top) * 100}%` }} />
              {field.name === 'service' && <b style={{ background: hueOf(entry.value) }} />}
              <span>{entry.value}</span>
              <small>{figureText(entry.count)}</small>
            </button>
            <button
              type="button"
              className={styles.not}
              aria-label={`Without ${field.title} ${entry.value}`}
              title="Without"
              onClick={() => onChange(both(without(query, wanted), facetClause(field.name, entry.value, false)))}
            >
              <Minus size={12} />
            </button>
          </div>
        );
      })}
      {(answer.data?.truncated || answer.data?.sampled) && (
        <p className={styles.note}>{answer.data.sampled ? 'counted over a sample' : 'the most frequent'}</p>
      )}
    </section>
  );
}
