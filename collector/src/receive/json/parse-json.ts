import { JsonFault } from './json-error.js';
import { jsonFaultPlace } from './json-fault-place.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
/** An attribute value of the deepest nesting allowed has three levels of JSON for each of its own. */
const MAX_DEPTH = 512;
/** Integers with fewer digits are exact as JavaScript numbers. */
const EXACT_DIGITS = 15;

/**
 * Parses JSON (RFC 8259) whose 64-bit integers may be numbers instead of text (the OTLP specification allows both to decoders):
 * long ones are made text first, or they would lose their last digits. Bytes that are not UTF-8 become U+FFFD.
 * @throws JsonFault with the byte at which it stops being JSON.
 */
export function parseJson(bytes: Uint8Array): unknown {
  checkNesting(bytes);
  const text = new TextDecoder('utf-8').decode(bytes);
  try {
    return JSON.parse(/[:[,\s]-?\d{16}/.test(text) ? quoteLongIntegers(text) : text);
  } catch (error) {
    throw new JsonFault(`the body is not JSON: ${placeOf(text)}`, '', error);
  }
}

/** Words for the first thing that does not belong. */
function placeOf(text: string): string {
  const place = jsonFaultPlace(text);
  if (place === null || place >= text.length) return `it ends too early, after ${Buffer.byteLength(text)} bytes`;
  const odd = String.fromCodePoint(text.codePointAt(place)!);
  return `unexpected ${JSON.stringify(odd)} at byte ${Buffer.byteLength(text.slice(0, place))}`;
}

/** Brackets within brackets cost `JSON.parse` seconds for a few megabytes of them, so they are counted first. */
function checkNesting(bytes: Uint8Array): void {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (inText) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === OPEN_BRACKET || byte === OPEN_BRACE) {
      if (++depth > MAX_DEPTH) throw new JsonFault(`nesting deeper than ${MAX_DEPTH} at byte ${i}`);
    } else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) depth--;
  }
}

function quoteLongIntegers(text: string): string {
  const pieces: string[] = [];
  let copied = 0;
  let i = 0;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      i = endOfString(text, i);
    } else if (isDigit(code) || code === MINUS) {
      const end = endOfNumber(text, i);
      const token = text.slice(i, end);
      // Only what is a number and stands where one may: neither `007` nor the name of a member becomes one by quotes.
      if (token.length > EXACT_DIGITS && /^-?(?:0|[1-9]\d*)$/.test(token) && !isName(text, end)) {
        pieces.push(text.slice(copied, i), '"', token, '"');
        copied = end;
      }
      i = end;
    } else i++;
  }
  pieces.push(text.slice(copied));
  return pieces.join('');
}

function endOfString(text: string, from: number): number {
  let i = from + 1;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i += 2;
    else if (code === QUOTE) return i + 1;
    else i++;
  }
  return text.length;
}

function endOfNumber(text: string, from: number): number {
  let i = from + 1;
  while (i < text.length && /[\d.eE+-]/.test(text[i]!)) i++;
  return i;
}

/** Whether a colon follows. */
function isName(text: string, from: number): boolean {
  let i = from;
  while (i < text.length && ' \t\n\r'.includes(text[i]!)) i++;
  return text[i] === ':';
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
