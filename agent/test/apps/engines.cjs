// Uses the OpenTelemetry API in every way an application can, and calls itself.
const http = require('node:http');
const { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } = require('@opentelemetry/api');

const tracer = trace.getTracer('engines-app', '1.0.0');

async function work(port) {
  return tracer.startActiveSpan(
    'work',
    { attributes: { list: ['a', 'b'], count: 3, ratio: 0.5, ok: true } },
    async (span) => {
      span.addEvent('saga.step.succeeded', { 'saga.id': 's-9', 'saga.step.name': 'reserve' });
      span.setAttribute('saga.id', 's-9').setAttribute('dropped', undefined);
      const failing = tracer.startSpan('failing', {
        kind: SpanKind.PRODUCER,
        links: [{ context: span.spanContext(), attributes: { why: 'test' } }],
      });
      failing.recordException(new RangeError('out of stock'));
      failing.setStatus({ code: SpanStatusCode.ERROR, message: 'no stock' });
      failing.end();
      failing.setAttribute('too', 'late');
      const baggage = propagation.createBaggage({ 'saga.id': { value: 's-10' }, 'saga.name': { value: 'order' } });
      await context.with(propagation.setBaggage(context.active(), baggage), async () => {
        await (await fetch(`http://127.0.0.1:${port}/inner?token=abc`)).text();
        tracer.startSpan('with baggage').end();
      });
      tracer.startSpan('root of its own', { root: true }).end();
      tracer.startSpan('of nobody', {}, ROOT_CONTEXT).end();
      const db = tracer.startSpan('query', { kind: SpanKind.CLIENT });
      db.setAttribute('db.query.text', "SELECT * FROM t WHERE name = 'Ann'");
      db.updateName('SELECT t');
      db.end();
      span.end();
    },
  );
}

const server = http.createServer(async (req, res) => {
  if (req.url === '/work') await work(server.address().port);
  res.end('done');
});
server.listen(0, () => console.log(`listening ${server.address().port}`));
