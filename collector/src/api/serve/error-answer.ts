import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyBaseLogger, FastifyReply } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { ControlError } from '../../control/control-store.js';
import { StoreError, type StoreErrorCode } from '../../store/store.js';
import { ApiError, problemOf } from './api-error.js';
import { ERROR_CODES, type ErrorCode } from './error-codes.js';

const BY_STORE_CODE: Record<StoreErrorCode, ErrorCode> = {
  store_cannot: 'store_cannot',
  store_unavailable: 'store_unavailable',
  store_locked: 'store_unavailable',
  record_unstorable: 'store_failed',
  question_invalid: 'invalid_request',
  question_too_large: 'question_too_large',
  cursor_invalid: 'cursor_invalid',
  format_newer: 'store_failed',
  store_failed: 'store_failed',
};

/** Fastify's own refusals before a handler runs. */
const BY_FASTIFY_CODE: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
};

/** Translates whatever was thrown. Nothing unforeseen leaves the process: its words may hold what nobody may see. */
export function toApiError(error: unknown, log: FastifyBaseLogger): ApiError {
  if (error instanceof ApiError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) return validationError(error);
  if (error instanceof StoreError) {
    const code = BY_STORE_CODE[error.code] ?? 'store_failed';
    if (code === 'store_failed') log.error({ err: error }, 'the store could not answer');
    return new ApiError(code, error.message, { cause: error });
  }
  if (error instanceof ControlError && error.code === 'alert_conflict')
    return new ApiError('alert_conflict', error.message, { cause: error });
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  const known = typeof code === 'string' ? BY_FASTIFY_CODE[code] : undefined;
  const detail = error instanceof Error ? error.message : String(error);
  if (known) return new ApiError(known, detail, { cause: error });
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return new ApiError('invalid_request', detail, { cause: error });
  log.error({ err: error }, 'unforeseen error');
  return new ApiError('internal_error', 'The log of the api process says more.', { cause: error });
}

export function sendProblem(reply: FastifyReply, error: ApiError): FastifyReply {
  const problem = problemOf(error);
  if (problem.status === 503 || problem.status === 429) void reply.header('retry-after', '2');
  return reply
    .code(ERROR_CODES[error.code].status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(problem);
}

const BY_PARSER_CODE: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** Answers what never became a request: Node's parser gave up on it. */
export function answerNoRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const problem = problemOf(new ApiError(BY_PARSER_CODE[error.code ?? ''] ?? 'request_malformed', error.message));
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function validationError(
  error: Error & { validation: { instancePath: string; message?: string }[]; validationContext?: string },
): ApiError {
  const faults = error.validation.map(({ instancePath, message }) => ({
    path: `${error.validationContext ?? ''}${instancePath}`.replaceAll('/', '.').replace(/\.$/, ''),
    message: message ?? 'does not match',
  }));
  const detail = faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return new ApiError('invalid_request', detail, { faults });
}
