import { readFileSync } from 'node:fs';
import { Client, type ClientOptions } from '@elastic/elasticsearch';
import { StoreError } from '../store.js';
import { AnswersSerializer } from './answers-serializer.js';
import type { ElasticsearchConfig } from './config.js';

/**
 * A client that retries nothing: what may be sent again, and when, is decided where the request is made. Credentials go
 * to the client and nowhere else; its errors never carry them into ours (errors.ts).
 */
export function connect(config: ElasticsearchConfig): Client {
  const options: ClientOptions = {
    nodes: config.url.split(',').map((url) => url.trim()),
    requestTimeout: config.request_timeout_ms,
    maxRetries: 0,
    Serializer: AnswersSerializer,
    sniffOnStart: false,
    sniffOnConnectionFault: false,
    redaction: { type: 'replace' },
  };
  if (config.api_key) options.auth = { apiKey: config.api_key };
  else if (config.username) options.auth = { username: config.username, password: config.password };
  if (config.ca_file) options.tls = { ca: authority(config.ca_file) };
  return new Client(options);
}

/** @throws StoreError `store_unavailable`, for good: a start with such a configuration makes no sense */
function authority(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StoreError('store_unavailable', `elasticsearch.ca_file ${file} can not be read (${code}).`, {
      retryable: false,
      cause: error,
    });
  }
}
