import { once } from 'node:events';
import { createServer } from 'node:http';

/** An OTLP/HTTP receiver that takes everything and counts the bodies of each signal. */
export async function startCollector() {
  const bodies = { traces: 0, logs: 0, metrics: 0 };
  const server = createServer((request, response) => {
    const signal = request.url?.split('/').at(-1) ?? '';
    if (signal in bodies) bodies[signal]++;
    request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    bodies,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
