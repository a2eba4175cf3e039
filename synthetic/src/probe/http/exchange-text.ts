import type { HttpAnswer, HttpQuestion } from './timed-request.js';

const hidden = /^(authorization|proxy-authorization|cookie|set-cookie|.*(api-?key|token|secret).*)$/i;

/** One request and its answer as text, for people to read; credentials are blanked, bodies cut at 64 KiB. */
export function exchangeText(
  question: Omit<HttpQuestion, 'signal'>,
  answer: HttpAnswer | undefined,
  error: string,
): string {
  const lines = [
    `${question.method} ${withoutCredentials(question.url)}`,
    ...headerLines(question.headers),
    '',
    cut(question.body ?? ''),
  ];
  if (answer) {
    const { connect_ms, first_byte_ms, total_ms } = answer.timings;
    lines.push('', `── answer after ${total_ms} ms (connect ${connect_ms} ms, first byte ${first_byte_ms} ms)`);
    lines.push(`${answer.status}`, ...headerLines(answer.headers), '', cut(answer.body));
  }
  if (error) lines.push('', `── ${error}`);
  return lines.join('\n');
}

function headerLines(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${hidden.test(name) ? '•••' : value}`);
}

function cut(text: string): string {
  return text.length > 65_536 ? `${text.slice(0, 65_536)}\n… cut` : text;
}

/** An address without the user and password that may stand in it. */
export function withoutCredentials(url: string): string {
  return url.replace(/^(\w+:\/\/)[^/?#@]*@/, '$1•••@');
}
