import { randomUUID } from 'node:crypto';

/**
 * A message of the shop: CloudEvents 1.0, structured mode, JSON. MQTT 3.1.1 has no headers, so what a message
 * says about itself stands in the message.
 * @template T
 * @typedef {{ specversion: '1.0', id: string, source: string, type: string, subject: string, time: string,
 *   datacontenttype: 'application/json', data: T }} CloudEvent
 */

/**
 * @template T
 * @param {string} source the service that speaks, as `/shop/orders`
 * @param {string} type what happened, as `order.completed`
 * @param {string} subject the order it happened to
 * @param {T} data
 * @returns {CloudEvent<T>}
 */
export function cloudEvent(source, type, subject, data) {
  return {
    specversion: '1.0',
    id: randomUUID(),
    source,
    type,
    subject,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data,
  };
}

/**
 * @param {Buffer} payload
 * @returns {CloudEvent<Record<string, any>> | undefined} undefined when it is none
 */
export function parseCloudEvent(payload) {
  try {
    const event = JSON.parse(payload.toString('utf8'));
    return event?.specversion === '1.0' ? event : undefined;
  } catch {
    return undefined;
  }
}
