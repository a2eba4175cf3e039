// Serves one request from itself, then ends the way it is told.
const http = require('node:http');

const how = process.argv[2];
if (how === 'own-handler') process.on('SIGTERM', () => process.exit(7));
if (how === 'once-handler') process.once('SIGINT', () => server.close());
if (how === 'late-work')
  process.on('exit', () => require('@opentelemetry/api').trace.getTracer('late').startSpan('in exit').end());
const ends = {
  natural: () => server.close(),
  exit: () => process.exit(3),
  throw: () => {
    throw new RangeError('thrown on purpose');
  },
  crash: () => void fetch(`http://127.0.0.1:${server.address().port}/crash`).catch(() => undefined),
  reject: () => void Promise.reject(new RangeError('rejected on purpose')),
  SIGTERM: () => process.kill(process.pid, 'SIGTERM'),
  SIGINT: () => process.kill(process.pid, 'SIGINT'),
  SIGHUP: () => process.kill(process.pid, 'SIGHUP'),
  'own-handler': () => process.kill(process.pid, 'SIGTERM'),
  'once-handler': () => process.kill(process.pid, 'SIGINT'),
  'late-work': () => process.exit(0),
};
const server = http.createServer((req, res) => {
  if (req.url !== '/crash') return res.end('ok');
  setTimeout(() => {
    throw new RangeError('thrown while serving');
  });
});
server.listen(0, () => {
  const calls = Array.from({ length: 20 }, () =>
    fetch(`http://127.0.0.1:${server.address().port}/`).then((answer) => answer.text()),
  );
  Promise.all(calls).then(() => setImmediate(ends[how]));
});
