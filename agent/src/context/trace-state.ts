import type { TraceState } from '@opentelemetry/api';

const MEMBER = 'orrery';
const CALLER = 'svc:';
const MAX_CHARS = 512;
const MAX_MEMBERS = 32;
/** W3C Trace Context 3.3.1.3: keys and values a vendor must pass on. */
const VALID_KEY = /^[a-z0-9][a-z0-9_\-*/@]{0,255}$/;
const VALID_VALUE = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/**
 * W3C `tracestate`. Kept as the header until somebody asks for a member. `orrery=svc:<caller>` tells a server's span
 * which service called it; it is set anew at every hop.
 */
export class WireTraceState implements TraceState {
  private constructor(private readonly header: string) {}

  /** A header that breaks the grammar is discarded whole, as the specification advises. */
  static fromHeader(header: string): WireTraceState | undefined {
    const members = header
      .slice(0, MAX_CHARS * 4)
      .split(',')
      .map((member) => member.trim())
      .filter((member) => member !== '');
    if (members.length === 0 || members.length > MAX_MEMBERS || !members.every(isMember)) return undefined;
    return new WireTraceState(members.join(','));
  }

  get(key: string): string | undefined {
    const member = this.members().find((candidate) => candidate.startsWith(`${key}=`));
    return member?.slice(key.length + 1);
  }

  set(key: string, value: string): TraceState {
    const rest = this.without(key);
    return new WireTraceState(rest === '' ? `${key}=${value}` : `${key}=${value},${rest}`);
  }

  unset(key: string): TraceState {
    return new WireTraceState(this.without(key));
  }

  serialize(): string {
    return this.header;
  }

  private members(): string[] {
    return this.header === '' ? [] : this.header.split(',');
  }

  private without(key: string): string {
    return this.members()
      .filter((member) => !member.startsWith(`${key}=`))
      .join(',');
  }
}

/** What children in this process carry: the caller named there called the server span, not them. */
export function withoutCaller(state: TraceState | undefined): TraceState | undefined {
  if (state === undefined || state.get(MEMBER) === undefined) return state;
  const rest = state.unset(MEMBER);
  return rest.serialize() === '' ? undefined : rest;
}

/** The header for a trusted peer: ours first, as the specification demands of the last to touch it. */
export function withCaller(state: TraceState | undefined, caller: string): string {
  const mine = `${MEMBER}=${caller}`;
  const others = withoutCaller(state)?.serialize() ?? '';
  if (others === '') return mine;
  const members = others.split(',').slice(0, MAX_MEMBERS - 1);
  while (members.length > 0 && mine.length + 1 + members.join(',').length > MAX_CHARS) members.pop();
  return [mine, ...members].join(',');
}

/** The member's value for a service: characters `tracestate` forbids are percent-encoded. */
export function callerMember(service: string): string {
  return CALLER + encodeURIComponent(service).slice(0, 200);
}

function isMember(member: string): boolean {
  const equals = member.indexOf('=');
  return equals > 0 && VALID_KEY.test(member.slice(0, equals)) && VALID_VALUE.test(member.slice(equals + 1));
}
