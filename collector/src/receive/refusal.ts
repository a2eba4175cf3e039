/** Why a request was turned away, as counted in the figures and documented for senders. */
export type RefusalReason =
  | 'not_decodable'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'unsupported_encoding'
  | 'method_not_allowed'
  | 'not_found'
  | 'busy'
  | 'rate_limited'
  | 'over_share'
  | 'log_full'
  | 'disk_full'
  | 'aborted'
  | 'internal';

/** A request that gets an answer other than 200. `status` is HTTP's. */
export class Refusal extends Error {
  readonly code: RefusalReason;
  readonly status: number;
  readonly retryable: boolean;
  readonly headers: Record<string, string>;
  /** The service that sent it, where that was known already; else empty. */
  readonly sender: string;

  constructor(
    code: RefusalReason,
    status: number,
    message: string,
    options: {
      retryAfterSeconds?: number | undefined;
      headers?: Record<string, string>;
      sender?: string;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'Refusal';
    this.code = code;
    this.status = status;
    this.retryable = options.retryAfterSeconds !== undefined;
    this.headers = { ...options.headers };
    this.sender = options.sender ?? '';
    if (options.retryAfterSeconds !== undefined) this.headers['Retry-After'] = String(options.retryAfterSeconds);
  }
}
