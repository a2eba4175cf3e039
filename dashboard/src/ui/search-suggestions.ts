import type { SearchHit } from '@orrery/collector/api';
import { quoted } from '../api/filter-text.js';

/** What a hit of the box is; `go` are the ways that need no index. */
export type Suggestion = Omit<SearchHit, 'kind'> & { kind: SearchHit['kind'] | 'go' };

/**
 * The collector's hits, then ways that always work: an id as a trace, any text as a correlation id or in log lines.
 * A trace id that the collector did not (yet) find still opens its page, which waits for it.
 */
export function searchSuggestions(text: string, hits: readonly SearchHit[]): Suggestion[] {
  const suggestions: Suggestion[] = [...hits];
  const id = text.toLowerCase();
  if (/^[0-9a-f]{32}$/.test(id) && !hits.some((hit) => hit.kind === 'trace')) {
    suggestions.unshift({ kind: 'trace', title: id, subtitle: 'Open the trace with this id', href: `/traces/${id}` });
  }
  suggestions.push(
    {
      kind: 'go',
      title: `Traces of correlation id ${text}`,
      subtitle: '',
      href: `/traces?q=${encodeURIComponent(`correlation_id:${quoted(text)}`)}&from=now-24h`,
    },
    {
      kind: 'go',
      title: `Log lines with “${text}”`,
      subtitle: '',
      href: `/logs?q=${encodeURIComponent(quoted(text))}`,
    },
  );
  return suggestions;
}
