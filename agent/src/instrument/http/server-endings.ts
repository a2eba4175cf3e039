import type { RequestLike, ResponseLike, ServerRequest } from './server-request.js';

/** How the requests of one version of HTTP end. */
export interface ServerEndings<Request extends RequestLike, Response extends ResponseLike> {
  /**
   * Calls `end` when the request is over, perhaps more than once.
   * @returns whether that is sure to happen
   */
  watch(request: Request, response: Response, state: ServerRequest, end: (state: ServerRequest) => void): boolean;
  /** `error.type` of a request that was broken off before it was answered. */
  brokenBy(request: Request, response: Response): string;
}

/** The caller went away: it ended the connection or reset it. */
export const CLIENT_CLOSED = 'client_closed_request';
/** This process cut the connection: the application, a time limit of Node's, or the server that was told to close. */
export const SERVER_CLOSED = 'server_closed_request';
/** One of them did, and it cannot be told which. */
export const ABORTED = 'request_aborted';
