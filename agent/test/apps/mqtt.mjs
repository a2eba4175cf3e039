// A publisher and a subscriber on a broker given in BROKER_URL; GET /publish sends a CloudEvent and a plain payload.
import http from 'node:http';
import mqtt from 'mqtt';

const client = mqtt.connect(process.env.BROKER_URL, { protocolVersion: Number(process.env.MQTT_VERSION ?? 4) });
await new Promise((resolve) => client.once('connect', resolve));
await client.subscribeAsync(['admitted', 'plain']);
client.on('message', (topic, payload) => {
  process.stdout.write(`got ${topic} ${payload}\n`);
  console.log('handling %s', topic);
});
const server = http.createServer(async (request, response) => {
  await client.publishAsync(
    'admitted',
    JSON.stringify({ specversion: '1.0', id: '1', source: '/ward', type: 'admitted', data: { bed: 4 } }),
  );
  await client.publishAsync('plain', '{"bed":4}');
  response.end('sent');
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`listening ${server.address().port}\n`));
process.on('SIGTERM', () => process.exit(0));
