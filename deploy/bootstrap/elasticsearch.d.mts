/** A real Elasticsearch server (8.19) on loopback, in a process group of its own. */
export interface RunningElasticsearch {
  /** `http://127.0.0.1:<port>`, or `https:` with `tls`. */
  readonly url: string;
  /** Leader of the process group: a launcher, not the JVM that serves. */
  readonly pid: number;
  /** Where the data really is: `dataDir`, or a folder that an unprivileged server can reach. */
  readonly dataDir: string;
  /** Sends a signal to every process of the server and resolves when they are gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Ends the server in order, by force after 20 s. */
  stop(): Promise<void>;
}

export interface ElasticsearchOptions {
  /** TCP port for HTTP; a free one when left out. */
  port?: number;
  /** Made when missing; start again with the same folder to find the same data. */
  dataDir: string;
  /** Turns security on, with this superuser for basic authentication. */
  security?: { user: string; password: string };
  /** Serves HTTPS with this key and certificate (PEM files, copied); `caFile` is whom the probe of readiness trusts. */
  tls?: { keyFile: string; certificateFile: string; caFile: string };
  /** JVM heap, such as `512m` (the default) or `1g`. */
  heap?: string;
  /** Lets the server live on when the process that started it ends. Off: it is ended with it, even after `kill -9`. */
  outlive?: boolean;
  /** How long it may take until it answers queries, in milliseconds; two minutes when left out. */
  readyWithinMs?: number;
}

/**
 * Installs the server if need be, starts it, and resolves once it answers queries (about 12 s).
 * @throws CannotError with a sentence for a person when Java, Maven or the network is missing, or it does not get ready
 */
export function startElasticsearch(options: ElasticsearchOptions): Promise<RunningElasticsearch>;

/**
 * Fetches the server from Maven Central unless it is there already.
 * @throws CannotError with a sentence for a person when Java, Maven or the network is missing
 */
export function installElasticsearch(): Promise<{ home: string; javaHome: string }>;
