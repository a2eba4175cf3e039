const express = require('express');
const { trace } = require('@opentelemetry/api');

const app = express();
app.use(express.json());
app.get('/orders/:id', (req, res) =>
  res.json({ id: req.params.id, trace: trace.getActiveSpan()?.spanContext().traceId }),
);
app.post('/orders', (req, res) => {
  trace.getActiveSpan()?.setAttribute('order.size', req.body.size).addEvent('saga.started', { 'saga.id': 's-1' });
  res.status(201).end();
});
const items = express.Router({ mergeParams: true });
items.get('/items/:item', (req, res) => res.send('item'));
const tenants = express.Router({ mergeParams: true });
tenants.get('/', (req, res) => res.send('tenant'));
tenants.use('/shelves/:shelf', items);
app.use('/api/tenants/:tenant', tenants);
app.get('/boom', () => {
  throw new TypeError('kaput');
});
app.use('/guarded', (req, res, next) => next(new Error('no entry')));
app.get('/slow', () => undefined);
app.use((error, req, res, _next) => res.status(500).send('sorry'));
const server = app.listen(0, () => console.log(`listening ${server.address().port}`));
