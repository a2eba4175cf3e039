import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';

// A key both sides know instead of a certificate.
const psk = Buffer.from('0123456789abcdef');
const ciphers = 'PSK';
const secure = https.createServer({ pskCallback: () => psk, ciphers, maxVersion: 'TLSv1.2' }, (request, response) => {
  response.statusCode = request.url === '/broken' ? 500 : 200;
  response.end();
});
const call = (path: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { port } = secure.address() as AddressInfo;
    const pskCallback = () => ({ psk, identity: 'matrix' });
    const options = { host: '127.0.0.1', port, path, pskCallback, ciphers, maxVersion: 'TLSv1.2' as const };
    https
      .request({ ...options, checkServerIdentity: () => undefined }, (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode));
      })
      .on('error', reject)
      .end();
  });
const server = http.createServer((request, response) => void serve(request, response));
async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  console.log('calling securely');
  response.statusCode = (await call(request.url ?? '')) ?? 0;
  response.end();
}
secure.listen(0, '127.0.0.1', () => {
  server.listen(0, '127.0.0.1', () => console.log(`listening ${(server.address() as AddressInfo).port}`));
});
