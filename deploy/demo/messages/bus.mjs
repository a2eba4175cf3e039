import mqtt from 'mqtt';
import { parseCloudEvent } from './cloud-event.mjs';

/**
 * One service's connection to the broker (MQTT 3.1.1, at least once).
 * @param {string} url
 * @param {string} clientId
 */
export function connectBus(url, clientId) {
  const client = mqtt.connect(url, {
    protocolVersion: 4,
    clientId: `${clientId}-${process.pid}`,
    reconnectPeriod: 500,
    clean: true,
  });
  // The client reconnects by itself; without a listener a refused connection would end the service.
  client.on('error', () => {});

  return {
    /** Whether the broker is there. */
    isConnected: () => client.connected,

    /**
     * @param {string} topic
     * @param {import('./cloud-event.mjs').CloudEvent<unknown>} event
     */
    publish: (topic, event) => client.publishAsync(topic, JSON.stringify(event), { qos: 1 }),

    /**
     * @param {string[]} wanted topics
     * @param {(topic: string, event: import('./cloud-event.mjs').CloudEvent<Record<string, any>>) => void} handle
     */
    subscribe: (wanted, handle) => {
      client.on('message', (topic, payload) => {
        const event = parseCloudEvent(payload);
        if (event) handle(topic, event);
      });
      client.on('connect', () => client.subscribe(wanted, { qos: 1 }));
    },

    close: () => client.endAsync(true),
  };
}
