import type { NodeMajor } from '../matrix/nodes.js';

/** What was answered under the names that exchanges were given (`as`), for those that come after. */
export type Seen = Readonly<Record<string, Answer>>;

/** One answer, as it was on the wire. */
export interface Answer {
  /** 0 when there was none: given up, or cut off. */
  readonly status: number;
  /** Names and values in turn, as they were written. */
  readonly headers: readonly string[];
  readonly body: string;
  /** What went wrong on the way, by its code. */
  readonly fault?: string;
}

/** One thing that is asked of an application. */
export interface Exchange {
  readonly method?: string;
  readonly path: string | ((seen: Seen) => string);
  readonly headers?: Readonly<Record<string, string>> | ((seen: Seen) => Readonly<Record<string, string>>);
  /** Text, or anything else as JSON. */
  readonly body?: unknown;
  /** Remembers the answer. */
  readonly as?: string;
  /** The client goes away when it has waited so long. */
  readonly giveUpAfterMs?: number;
  /** The application cuts the connection instead of answering. */
  readonly isCut?: true;
  /** Messages sent over a WebSocket, one after the other; `answers` is how many are waited for. */
  readonly websocket?: { readonly send: readonly string[]; readonly answers: number };
  /** `http.route` of its span; `null` says that there must be none; left out: whatever it is, it is printed. */
  readonly route?: string | null;
  /** Kind and name of a span that must be in its trace. */
  readonly under?: RegExp;
}

/** Where an application runs. */
export interface Place {
  /** Its folder: packages in `node_modules`, and the working directory. */
  readonly folder: string;
  /** Ports that are its own, the same in every run: `ports[0]` is where it is asked. */
  readonly ports: readonly number[];
  /** Address of the server it needs. */
  readonly server: string;
  /** An empty folder for what it writes. */
  readonly data: string;
}

/** How a program is started. */
export interface Command {
  /** Program of `node_modules/.bin`, or `node`. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Below the application's folder. */
  readonly cwd?: string;
}

/** What is known to be otherwise, and why. */
export interface Exception {
  readonly what: RegExp;
  readonly why: string;
}

/** An application from npm that nobody here wrote, and how it is tried. */
export interface PublishedApp {
  readonly name: string;
  readonly version: string;
  readonly module: 'CommonJS' | 'ESM' | 'TypeScript';
  /** What answers its requests. */
  readonly framework: string;
  readonly node?: NodeMajor;
  /** What is installed, with exact versions. */
  readonly packages: readonly string[];
  /** Makes what its documentation lets a person make (a starter, a configuration), once. */
  readonly prepare?: (folder: string, run: (program: string, ...args: string[]) => Promise<void>) => Promise<void>;
  readonly needs?: 'postgresql' | 'redis';
  /** As its documentation says. */
  readonly start: (place: Place) => Command;
  /** Files that must be there at each start. */
  readonly files?: (place: Place) => Readonly<Record<string, string>>;
  /** A path that answers with less than 500 once it has started. */
  readonly readyPath: string;
  /** One after the other. */
  readonly exchanges: readonly Exchange[];
  /** By turns, on twenty connections at once. */
  readonly load: readonly Exchange[];
  readonly requests?: number;
  readonly stop: 'SIGTERM' | 'SIGINT';
  /** Log records, root spans and routes that belong to no request, or answers that may differ. */
  readonly exceptions?: readonly Exception[];
}
