/** Every `code` a problem document can carry, with its HTTP status. docs/errors.md lists the same; a test holds them equal. */
export const ERROR_CODES = {
  invalid_request: { status: 400, title: 'The request does not match its schema' },
  request_malformed: { status: 400, title: 'This is not HTTP' },
  filter_invalid: { status: 400, title: 'The filter has faults' },
  range_invalid: { status: 400, title: 'The time range cannot be understood' },
  cursor_invalid: { status: 400, title: 'The cursor does not belong to this query' },
  host_not_allowed: { status: 403, title: 'This address is not served under that host name' },
  origin_not_allowed: { status: 403, title: 'Other web pages may not write here' },
  route_unknown: { status: 404, title: 'There is nothing at this path' },
  not_found: { status: 404, title: 'There is no such thing' },
  request_timeout: { status: 408, title: 'The request did not come in time' },
  alert_conflict: { status: 409, title: 'Somebody else wrote this alert in between' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body has a content type that is not understood' },
  question_too_large: { status: 422, title: 'The question costs more than the limits allow' },
  too_many_streams: { status: 429, title: 'Too many live tails are open' },
  headers_too_large: { status: 431, title: 'The address and the headers are too long' },
  internal_error: { status: 500, title: 'Something went wrong in Orrery' },
  store_failed: { status: 500, title: 'The store could not answer' },
  store_cannot: { status: 501, title: 'This store cannot answer such a question' },
  store_unavailable: { status: 503, title: 'The store does not answer' },
  query_timeout: { status: 504, title: 'The store did not answer in time' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;
