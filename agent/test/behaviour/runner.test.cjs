// One file for jest and vitest alike: both give `test` and `expect` to a file as globals when asked to.
const http = require('node:http');

test('a server and a client meet', async () => {
  const server = http.createServer((_, response) => response.end('met'));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const answer = await fetch(`http://127.0.0.1:${server.address().port}/`);
  expect(await answer.text()).toBe('met');
  server.close();
});

test('a failing expectation fails', () => {
  expect(1).toBe(2);
});
