const http = require('node:http');
const { trace } = require('@opentelemetry/api');

const here = () => trace.getActiveSpan()?.spanContext().traceId ?? 'none';
const server = http.createServer((req, res) => {
  if (req.url === '/never') return undefined;
  if (req.url === '/body') {
    let seen = here();
    req.on('data', () => (seen += ` ${here()}`));
    req.on('end', () => res.end(`${seen} ${here()}`));
    return undefined;
  }
  if (req.url === '/headers') return res.end(JSON.stringify(req.headers));
  res.statusCode = Number(/^\/status\/(\d+)/.exec(req.url)?.[1] ?? 200);
  return res.end(here());
});
server.listen(0, () => console.log(`listening ${server.address().port}`));
