import type { ReceivedLog, ReceivedMetric, ReceivedSpan, Values } from '../test/sink/otlp-decode.js';
import type { ServerName } from './servers.js';

/** A span as it must be: kind and name, the attributes that matter here, what is under it in any order. */
export interface ExpectedSpan {
  readonly name: string | RegExp;
  readonly kind: ReceivedSpan['kind'];
  /** `undefined` says that the attribute must not be there. */
  readonly attributes?: Values | Readonly<Record<string, Values[string] | undefined>>;
  /** Status Error, besides what the conventions ask of every kind. */
  readonly failed?: boolean;
  /** `exception.type` of its exception event, `null` where that has none; absent: there must be no such event. */
  readonly exception?: string | null;
  readonly children?: readonly ExpectedSpan[];
  /** What else is below it is the library's own affair. */
  readonly open?: true;
}

/** A record that must be correlated. */
export interface ExpectedLog {
  /** How it begins. */
  readonly body: string;
  /** Name of its span; absent: any of the request. */
  readonly at?: string;
  readonly severity?: number;
  readonly attributes?: Values;
  /** What the line on stdout must contain besides the ids; absent: stdout is not looked at. */
  readonly line?: 'with ids' | 'as it is';
}

/** One request to the application and everything that must come of it. */
export interface Exchange {
  readonly path: string;
  readonly method?: string;
  readonly body?: string;
  /** Status of the answer; absent where the caller gives up. */
  readonly status?: number;
  /** Give up when the server has it for so long. */
  readonly abortAfterMs?: number;
  readonly span: ExpectedSpan;
  readonly logs?: readonly ExpectedLog[];
}

export interface Received {
  readonly spans: readonly ReceivedSpan[];
  readonly logs: readonly ReceivedLog[];
  readonly metrics: readonly ReceivedMetric[];
}

/** What an application of `apps/` does and what must be seen of it: one for each library, whatever version and kind. */
export interface Scenario {
  /** File of `apps/`, without its ending; or, as `otel/<name>`, the program that the tests of that library run. */
  readonly app: string;
  /** Words of it that are others here: one application for libraries that differ in a name. */
  readonly words?: Readonly<Record<string, string>>;
  readonly exchanges: readonly Exchange[];
  /** HTTP/2 without TLS, for applications that speak nothing else. */
  readonly protocol?: 'h2c';
  /** What has to run beside it; the address of a broker of MQTT is in BROKER_URL, that of a server in SERVER_URL. */
  readonly needs?: 'mqtt broker' | ServerName;
  readonly env?: Readonly<Record<string, string>>;
  /** What else must arrive; answers what is missing. Asked again until nothing is, or the time is over. */
  readonly also?: (received: Received) => string | undefined;
}
