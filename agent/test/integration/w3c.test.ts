import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OtlpSink, startSink } from '../sink/otlp-sink.js';
import { type RunningApp, runApp } from '../sink/run-app.js';

const TRACE = '12345678901234567890123456789012';
const SPAN = '1234567890123456';
const PARENT = `00-${TRACE}-${SPAN}-01`;

/** One service with the agent between a client that sends exactly these header lines and a server that sees what comes. */
let relay: RunningApp;
let sink: OtlpSink;
let server: Server;
const seen: IncomingHttpHeaders[] = [];

beforeAll(async () => {
  sink = await startSink();
  server = createServer((request, response) => {
    seen.push(request.headers);
    request.resume().on('end', () => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  relay = runApp('relay.cjs', { collector: sink.url });
  await relay.port;
});
afterAll(async () => {
  await relay.stop();
  server.close();
  await sink.close();
});

/** Raw lines, because a client library would merge, trim or refuse some of them. */
async function through(lines: readonly string[], calls = 1): Promise<IncomingHttpHeaders[]> {
  seen.length = 0;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const body = JSON.stringify(Array.from({ length: calls }, () => ({ url, arguments: [] })));
  const socket = connect(await relay.port, '127.0.0.1');
  const head = ['POST / HTTP/1.1', 'Host: localhost', 'Connection: close', `Content-Length: ${body.length}`, ...lines];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  let answer = '';
  for await (const part of socket) answer += String(part);
  expect(answer).toMatch(/^HTTP\/1\.1 200/);
  return [...seen];
}

async function onward(...lines: string[]): Promise<IncomingHttpHeaders> {
  const [headers = {}] = await through(lines);
  return headers;
}

const parts = (headers: IncomingHttpHeaders): string[] => String(headers['traceparent']).split('-');
/** What others said: our own member stands first and is no concern of theirs. */
const others = (headers: IncomingHttpHeaders): string =>
  String(headers['tracestate'] ?? '')
    .split(',')
    .filter((member) => !member.startsWith('orrery='))
    .join(',');

describe('traceparent (W3C Trace Context Level 2, 3.2)', () => {
  it('is made where none came: version 00, ids that are not zero, sampled, a random trace id', async () => {
    const made = parts(await onward());
    expect(made).toHaveLength(4);
    expect(made[0]).toBe('00');
    expect(made[1]).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
    expect(made[2]).toMatch(/^(?!0{16})[0-9a-f]{16}$/);
    expect(made[3]).toBe('03');
  });

  it('keeps the trace id and names a parent of its own in each request that goes out', async () => {
    const calls = await through([`traceparent: ${PARENT}`], 3);
    const ids = calls.map((headers) => parts(headers));
    expect(ids.map(([, trace]) => trace)).toEqual([TRACE, TRACE, TRACE]);
    expect(new Set([SPAN, ...ids.map(([, , parent]) => parent)]).size).toBe(4);
  });

  it.each([
    ['traceparent', 'traceparent'],
    ['TraceParent', 'TraceParent'],
    ['TRACEPARENT', 'TRACEPARENT'],
  ])('is read under any casing of its name (%s)', async (_, name) => {
    expect(parts(await onward(`${name}: ${PARENT}`))[1]).toBe(TRACE);
  });

  it.each([
    ['00', '00'],
    ['01', '01'],
    ['02', '02'],
    ['03', '03'],
    ['fd', '01'],
    ['fe', '02'],
    ['ff', '03'],
  ])('passes on sampled and random of the flags %s, and sets all others to 0', async (came, goes) => {
    const [, trace, , flags] = parts(await onward(`traceparent: 00-${TRACE}-${SPAN}-${came}`));
    expect([trace, flags]).toEqual([TRACE, goes]);
  });

  it.each([
    ['of a later version', `01-${TRACE}-${SPAN}-01`],
    ['of a later version with more after it', `cc-${TRACE}-${SPAN}-01-what-the-future-will-be-like`],
    ['with white space around it', `   ${PARENT}  `],
  ])('is understood %s', async (_, value) => {
    const [version, trace] = parts(await onward(`traceparent: ${value}`));
    expect([version, trace]).toEqual(['00', TRACE]);
  });

  it.each([
    ['version ff', `ff-${TRACE}-${SPAN}-01`],
    ['version 00 with more after it', `${PARENT}-more`],
    ['version 00 with a dash after it', `${PARENT}-`],
    ['a later version that goes on without a dash', `cc-${TRACE}-${SPAN}-01.what`],
    ['a version of one digit', `0-${TRACE}-${SPAN}-01`],
    ['a version of three digits', `000-${TRACE}-${SPAN}-01`],
    ['a version that is no number', `.0-${TRACE}-${SPAN}-01`],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a trace id in upper case', `00-${'A'.repeat(32)}-${SPAN}-01`],
    ['a trace id that is no number', `00-.${TRACE.slice(1)}-${SPAN}-01`],
    ['a trace id too long', `00-${TRACE}0-${SPAN}-01`],
    ['a trace id too short', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['a parent id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['a parent id in upper case', `00-${TRACE}-${'A'.repeat(16)}-01`],
    ['a parent id too long', `00-${TRACE}-${SPAN}0-01`],
    ['a parent id too short', `00-${TRACE}-${SPAN.slice(1)}-01`],
    ['flags that are no number', `00-${TRACE}-${SPAN}-.0`],
    ['flags in upper case', `00-${TRACE}-${SPAN}-0A`],
    ['flags too long', `00-${TRACE}-${SPAN}-001`],
    ['flags too short', `00-${TRACE}-${SPAN}-1`],
    ['nothing', ''],
  ])('starts a new trace, and drops the state that came along, for %s', async (_, value) => {
    const headers = await onward(`traceparent: ${value}`, 'tracestate: foo=1');
    expect(parts(headers)[1]).not.toBe(TRACE);
    expect(others(headers)).toBe('');
  });

  it('starts a new trace when the header comes twice', async () => {
    expect(parts(await onward(`traceparent: ${PARENT}`, `traceparent: 00-${'9'.repeat(32)}-${SPAN}-01`))[1]).toMatch(
      /^(?!(12345678901234567890123456789012|9{32}))/,
    );
  });
});

describe('tracestate (3.3)', () => {
  const withState = (...lines: string[]): Promise<IncomingHttpHeaders> => onward(`traceparent: ${PARENT}`, ...lines);

  it('is left out of account without a traceparent', async () => {
    expect(others(await onward('tracestate: foo=1'))).toBe('');
  });

  it('goes on in its order, and a member of ours stands first', async () => {
    const headers = await withState('tracestate: foo=1,bar=2');
    expect(headers['tracestate']).toMatch(/^orrery=svc:[^,]+,foo=1,bar=2$/);
  });

  it('replaces the member that came under our name', async () => {
    const headers = await withState('tracestate: foo=1,orrery=svc:caller,bar=2');
    expect(headers['tracestate']).toMatch(/^orrery=svc:(?!caller)[^,]+,foo=1,bar=2$/);
  });

  it('is one list when it comes in several headers, empty ones among them', async () => {
    expect(others(await withState('tracestate: foo=1', 'tracestate: ', 'TraceState: bar=2,baz=3'))).toBe(
      'foo=1,bar=2,baz=3',
    );
  });

  it('may have white space and empty members between its members', async () => {
    expect(others(await withState('tracestate: foo=1 \t , , \tbar=2'))).toBe('foo=1,bar=2');
  });

  const LONGEST_KEY = `a${'z'.repeat(255)}`;
  it.each([
    ['a key of every allowed character', 'abcdefghijklmnopqrstuvwxyz0123456789_-*/@=1'],
    ['a key that begins with a digit', '0a=1'],
    ['a key of a tenant', '0@vendor=1'],
    ['the longest key', `${LONGEST_KEY}=1`],
    ['the longest value', `foo=${'v'.repeat(256)}`],
    ['a value with spaces inside', 'foo=a b'],
    ['a value of signs', 'foo=!"#$%&\'()*+-./:;<>?@[]^_`{|}~'],
  ])('takes %s', async (_, member) => {
    expect(others(await withState(`tracestate: ${member}`))).toBe(member);
  });

  it.each([
    ['an empty key', '=1'],
    ['no equals sign', 'foo'],
    ['a key in upper case', 'FOO=1'],
    ['a key with upper case in it', 'fOO=1'],
    ['a space in a key', 'foo bar=1'],
    ['a dot in a key', 'foo.bar=1'],
    ['a key too long', `${LONGEST_KEY}z=1`],
    ['an empty value', 'foo='],
    ['an equals sign in a value', 'foo=bar=baz'],
    ['a value too long', `foo=${'v'.repeat(257)}`],
  ])('is dropped whole, and the trace goes on, for %s', async (_, member) => {
    const headers = await withState(`tracestate: bar=2,${member}`);
    expect(parts(headers)[1]).toBe(TRACE);
    expect(others(headers)).toBe('');
  });

  it('has 32 members at most, ours among them', async () => {
    const members = (count: number): string => Array.from({ length: count }, (_, i) => `k${i}=1`).join(',');
    expect(others(await withState(`tracestate: ${members(32)}`))).toBe(members(31));
    expect(others(await withState(`tracestate: ${members(33)}`))).toBe('');
  });
});

describe('baggage (W3C Baggage)', () => {
  /** Our own key is appended; what came stands before it. */
  const said = (headers: IncomingHttpHeaders): string =>
    String(headers['baggage']).replace(/,?correlation\.id=[^,]*$/, '');

  it('goes on byte for byte, with properties and white space', async () => {
    const header = 'key1=value1;property1;property2, key2 = value2, key3=value3; propertyKey=propertyValue';
    expect(said(await onward(`baggage: ${header}`))).toBe(header);
  });

  it('is one list when it comes in several headers', async () => {
    expect(said(await onward('baggage: userId=alice', 'Baggage: serverNode=DF%2028,isProduction=false'))).toBe(
      'userId=alice,serverNode=DF%2028,isProduction=false',
    );
  });

  it('keeps equals signs in values and percent-encoding as they came', async () => {
    const header = 'a=b=c==,name=Am%C3%A9lie,odd=%FF%zz';
    expect(said(await onward(`baggage: ${header}`))).toBe(header);
  });

  it('goes on whole up to 64 members and 8,192 bytes', async () => {
    const many = Array.from({ length: 63 }, (_, i) => `key${i}=v`).join(',');
    expect(said(await onward(`baggage: ${many}`))).toBe(many);
    const long = `a=${'x'.repeat(8_000)}`;
    expect(said(await onward(`baggage: ${long}`))).toBe(long);
  });

  it('loses whole members only beyond the limits, never a part of one', async () => {
    const beyond = Array.from({ length: 100 }, (_, i) => `key${i}=v`);
    expect(String((await onward(`baggage: ${beyond.join(',')}`))['baggage']).split(',')).toEqual(beyond.slice(0, 64));
    expect(said(await onward(`baggage: a=1,b=${'y'.repeat(9_000)}`))).toBe('a=1');
  });
});
