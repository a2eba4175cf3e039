import { type Formats, W3C_FORMATS } from '../context/formats.js';
import { list, OptionFault } from './option-types.js';

const KNOWN = ['tracecontext', 'baggage', 'b3', 'b3multi', 'none'];

/** Names that are not known are told and left out; the others hold. */
export function propagators(text: string): Formats {
  const names = list(text.toLowerCase());
  const isNone = names.includes('none');
  const has = (name: string): boolean => !isNone && names.includes(name);
  const formats: Formats = {
    traceContext: has('tracecontext'),
    baggage: has('baggage'),
    b3: has('b3'),
    b3multi: has('b3multi'),
  };
  const unknown = names.filter((name) => !KNOWN.includes(name));
  if (unknown.length === 0) return text === 'tracecontext,baggage' ? W3C_FORMATS : formats;
  const used = names.filter((name) => KNOWN.includes(name)).join(',');
  throw new OptionFault(`does not know ${unknown.join(', ')} (only ${KNOWN.join(', ')})`, used);
}
