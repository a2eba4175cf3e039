import type { AddressInfo } from 'node:net';
import express from 'express';

const app = express();
app.use(express.json());
app.get('/orders/:id', (request, response) => {
  console.log('order %s', request.params.id);
  response.json({ id: request.params.id });
});
const items = express.Router({ mergeParams: true });
items.get('/items/:item', (_request, response) => response.send('item'));
const tenants = express.Router({ mergeParams: true });
tenants.get('/', (_request, response) => response.send('tenant'));
tenants.use('/shelves/:shelf', items);
app.use('/api/tenants/:tenant', tenants);
const listed = express.Router();
listed.get('/:id', (_request, response) => response.send('listed'));
app.use(['/red', '/blue'], listed);
app.use(/^\/v\d+/, listed);
app.get(/^\/files\/(.*)$/, (_request, response) => response.send('file'));
app.get('/boom', () => {
  throw new TypeError('kaput');
});
app.use('/guarded', (_request, _response, next) => next(new RangeError('no entry')));
app.get('/wait', () => console.log('waiting'));
app.use((_error: unknown, _request: unknown, response: { status(code: number): { end(): void } }, _next: unknown) =>
  response.status(500).end(),
);
const server = app.listen(0, '127.0.0.1', () => console.log(`listening ${(server.address() as AddressInfo).port}`));
