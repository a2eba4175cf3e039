// Records spans of several kilobytes as fast as it can for a while, then says how much memory it uses.
const { trace } = require('@opentelemetry/api');

const tracer = trace.getTracer('busy');
const text = 'x'.repeat(2000);
let left = 300;
const timer = setInterval(() => {
  for (let index = 0; index < 100; index++) tracer.startSpan('busy', { attributes: { text, index } }).end();
  if (--left > 0) return;
  clearInterval(timer);
  console.log(`rss ${process.memoryUsage().rss}`);
}, 1);
