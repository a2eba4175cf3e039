import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { generate, type Packet, parser } from 'mqtt-packet';

/**
 * An MQTT broker for one application at a time, of both protocol versions (none that npm has speaks MQTT 5): it passes on
 * what is published at QoS 0 with its properties, to whoever subscribed to exactly that topic.
 */
export async function startBroker(): Promise<{ readonly url: string; readonly close: () => void }> {
  const subscribers = new Map<Socket, { readonly version: number; readonly topics: Set<string> }>();
  const server = createServer((socket) => {
    const me = { version: 4, topics: new Set<string>() };
    const reader = parser();
    const send = (to: Socket, packet: Packet, version: number): void =>
      void to.write(generate(packet, { protocolVersion: version } as never));
    reader.on('packet', (packet: Packet) => {
      if (packet.cmd === 'connect') {
        me.version = packet.protocolVersion ?? 4;
        send(socket, { cmd: 'connack', returnCode: 0, reasonCode: 0, sessionPresent: false }, me.version);
      } else if (packet.cmd === 'subscribe') {
        for (const { topic } of packet.subscriptions) me.topics.add(topic);
        const granted = packet.subscriptions.map(() => 0);
        send(socket, { cmd: 'suback', messageId: packet.messageId ?? 0, granted }, me.version);
      } else if (packet.cmd === 'publish') {
        for (const [other, { version, topics }] of subscribers)
          if (topics.has(packet.topic)) send(other, packet, version);
      } else if (packet.cmd === 'pingreq') send(socket, { cmd: 'pingresp' }, me.version);
    });
    subscribers.set(socket, me);
    socket.on('data', (data) => reader.parse(data));
    socket.on('close', () => subscribers.delete(socket));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      for (const socket of subscribers.keys()) socket.destroy();
    },
  };
}
