import { JsonFault } from './json-error.js';

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
 * Parses JSON whose 64-bit integers may be numbers instead of text (the OTLP specification allows both to decoders):
 * long ones are made text first, or they would lose their last digits.
 * @throws JsonFault
 */
export function parseJson(bytes: Uint8Array): unknown {
  checkNesting(bytes);
  let text: string;
  try {
    text = new TextDecoder('utf-8').decode(bytes);
  } catch (error) {
    throw new JsonFault('the body is not text', '', error);
  }
  try {
    return JSON.parse(/[:[,\s]-?\d{16}/.test(text) ? quoteLongIntegers(text) : text);
  } catch (error) {
    throw new JsonFault(`the body is not JSON: ${(error as Error).message}`, '', error);
  }
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
      if (++depth > MAX_DEPTH) throw new JsonFault(`nesting deeper than ${MAX_DEPTH}`);
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
      if (token.length > EXACT_DIGITS && /^-?\d+$/.test(token)) {
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

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
