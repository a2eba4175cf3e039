import { errors } from '@elastic/elasticsearch';
import { StoreError } from '../store.js';

/** Answers that mean "later", not "no". */
export function isRetryableStatus(status: number): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504 || status === 408;
}

/** What TLS says of a certificate that no known authority stands behind, or that was made for another host. */
const UNTRUSTED = /certificate|altnames/i;

/** A cluster's or a client's error in the store's terms. Nothing of the request gets into the sentence. */
export function asStoreError(error: unknown, doing: string): StoreError {
  if (error instanceof StoreError) return error;
  if (error instanceof errors.ResponseError) {
    const status = error.statusCode ?? 0;
    const reason = reasonOf(error);
    // 403 or 429: the disk is too full, or somebody made an index or the cluster read-only.
    if (reason.includes('cluster_block_exception')) {
      return new StoreError(
        'store_unavailable',
        `Elasticsearch has a block in the way while ${doing} (${reason}): it is over when the block is lifted, or the disk has room.`,
        { retryable: true, cause: error },
      );
    }
    if (isRetryableStatus(status)) {
      return new StoreError('store_unavailable', `Elasticsearch answers ${status} while ${doing}.`, {
        retryable: true,
        cause: error,
      });
    }
    if (status === 401 || status === 403) {
      return new StoreError(
        'store_unavailable',
        `Elasticsearch refuses the credentials (${status}) while ${doing}: check elasticsearch.username and elasticsearch.password in the configuration.`,
        { retryable: true, cause: error },
      );
    }
    if (/too_many_buckets|too many clauses|too_many_clauses/.test(reason)) {
      return new StoreError(
        'question_too_large',
        'The question has more groups than Elasticsearch allows: narrow it.',
        {
          retryable: false,
          cause: error,
        },
      );
    }
    return new StoreError('store_failed', `Elasticsearch answers ${status} while ${doing}: ${reason}`, {
      retryable: true,
      cause: error,
    });
  }
  if (error instanceof errors.RequestAbortedError) {
    return new StoreError('store_unavailable', `Called off while ${doing}.`, { retryable: true, cause: error });
  }
  if (error instanceof errors.ConnectionError && UNTRUSTED.test(error.message)) {
    return new StoreError(
      'store_unavailable',
      `Elasticsearch's certificate is not trusted while ${doing} (${error.message}): name the PEM file of the authority that signed it in elasticsearch.ca_file.`,
      { retryable: true, cause: error },
    );
  }
  if (error instanceof errors.ConnectionError || error instanceof errors.TimeoutError) {
    return new StoreError('store_unavailable', `Elasticsearch does not answer while ${doing} (${error.message}).`, {
      retryable: true,
      cause: error,
    });
  }
  return new StoreError('store_failed', `Unforeseen error while ${doing}: ${String(error)}`, {
    retryable: true,
    cause: error,
  });
}

function reasonOf(error: errors.ResponseError): string {
  const body = error.body as
    | { error?: { type?: string; reason?: string; root_cause?: { reason?: string }[] } }
    | undefined;
  const cause = body?.error?.root_cause?.[0]?.reason;
  const parts = new Set([body?.error?.type, body?.error?.reason, cause].filter(Boolean));
  return [...parts].join(': ').slice(0, 500) || error.message;
}
