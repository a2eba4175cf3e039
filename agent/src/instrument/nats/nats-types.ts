/** What is used of nats 2 and of `@nats-io/nats-core` and `@nats-io/jetstream` 3. */
export interface Headers {
  get(name: string): string;
  set(name: string, value: string): void;
}
export interface WithHeaders {
  headers?: Headers;
}
export interface Message {
  readonly subject: string;
  readonly headers?: Headers;
}
export type Handler = (error: unknown, message: Message) => unknown;
export interface Connection {
  readonly options?: { readonly inboxPrefix?: string };
  readonly info?: { readonly headers?: boolean };
  publish(subject: string, data?: unknown, options?: WithHeaders): void;
  request(subject: string, data?: unknown, options?: WithHeaders): Promise<unknown>;
  subscribe(subject: string, options?: { callback?: Handler }): object;
}
export interface PullConsumer {
  readonly stream: string;
  readonly name: string;
  consume(options?: { callback?: (message: Message) => unknown }): Promise<object>;
  fetch(options?: object): Promise<object>;
}
