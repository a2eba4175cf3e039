import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import mqtt from 'mqtt';

const protocolVersion = Number(process.env['MQTT_VERSION']) as 4 | 5;
const client = mqtt.connect(process.env['BROKER_URL'] as string, { protocolVersion });
const gone = mqtt.connect(process.env['BROKER_URL'] as string, { protocolVersion });
// MQTT 3.1.1 has no headers: what carries context there is a CloudEvent.
const event = JSON.stringify({ specversion: '1.0', id: '1', source: '/ward', type: 'admitted', data: { bed: 4 } });
client.on('message', (topic) => console.log('handling %s', topic));
const server = createServer((request, response) => {
  if (request.url === '/publish')
    client.publish('admitted', protocolVersion === 5 ? 'bed 4' : event, () => response.end());
  else {
    response.statusCode = 502;
    gone.end(true);
    gone.publish('admitted', event, () => response.end());
  }
});
client.on('connect', () => {
  client.subscribe('admitted', () => {
    server.listen(0, '127.0.0.1', () => console.log(`listening ${(server.address() as AddressInfo).port}`));
  });
});
