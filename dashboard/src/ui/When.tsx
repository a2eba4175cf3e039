import { agoText, instantText, instantTitle, msOfNano } from '../time/instant-text.js';

/** An instant: local clock, on hover UTC and how long ago. */
export function When({
  nano,
  ms,
  millis,
  ago,
}: {
  nano?: string | null;
  ms?: number;
  millis?: boolean;
  ago?: boolean;
}) {
  const at = ms ?? (nano ? msOfNano(nano) : Number.NaN);
  if (!Number.isFinite(at) || Math.abs(at) > 8.64e15) return <span>–</span>;
  return (
    <time
      dateTime={new Date(at).toISOString()}
      title={ago ? `${instantText(at)} · ${instantTitle(at)}` : instantTitle(at)}
    >
      {ago ? agoText(at) : instantText(at, Date.now(), millis ?? false)}
    </time>
  );
}
