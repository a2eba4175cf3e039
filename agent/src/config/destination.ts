import type { Destination } from '../export/mailbox.js';
import type { Signal } from '../export/queue.js';
import type { AgentConfig } from './config.js';

/** OTLP exporter specification, "Endpoint URLs for OTLP/HTTP": a signal's own URL is used as it is, the common one is a base. */
export function destination(config: AgentConfig, signal: Signal): Destination {
  const base = (config.endpoint ?? 'http://127.0.0.1:4318').replace(/\/+$/, '');
  return {
    url: config[`${signal}Endpoint`] ?? `${base}/v1/${signal}`,
    headers: Object.fromEntries([...config.headers, ...config[`${signal}Headers`]]),
    compression: config[`${signal}Compression`] ?? config.compression,
    timeoutMs: config[`${signal}TimeoutMs`] ?? config.exportTimeoutMs,
    certificate: config[`${signal}Certificate`] ?? config.certificate,
    clientKey: config[`${signal}ClientKey`] ?? config.clientKey,
    clientCertificate: config[`${signal}ClientCertificate`] ?? config.clientCertificate,
  };
}

/** The URL as it may be shown: who logs in and what a query says stays out of terminals and log files. */
export function shownUrl(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
