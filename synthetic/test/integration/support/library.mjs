/**
 * A small library to be checked on: books, loans that become ready a moment later, a page with a search.
 * `POST /mood {"mood":"ill"|"well"|"slow"}` changes how it behaves; `GET /heard` tells the headers of every request.
 */
import { createServer } from 'node:http';

let mood = 'well';
let loans = 0;
const ready = new Set();
const heard = [];

const page = `<!doctype html><html><head><title>Library</title></head><body><h1>Library</h1>
<input type="search" aria-label="Search"><ul id="found"></ul><img src="/logo.svg" alt="">
<script>
  document.querySelector('input').addEventListener('keydown', async (event) => {
    if (event.key !== 'Enter') return;
    const answer = await fetch('/books?q=' + encodeURIComponent(event.target.value));
    if (!answer.ok) { console.error('the search failed with ' + answer.status); return; }
    for (const book of (await answer.json()).books) {
      const item = document.createElement('li');
      item.textContent = book.title;
      document.querySelector('#found').append(item);
    }
    if (window.elsewhere) fetch(window.elsewhere, { mode: 'no-cors' }).catch(() => {});
  });
  const elsewhere = new URLSearchParams(location.search).get('elsewhere');
  if (elsewhere) window.elsewhere = elsewhere;
</script></body></html>`;

const send = (response, status, value, type = 'application/json') =>
  response.writeHead(status, { 'content-type': type }).end(typeof value === 'string' ? value : JSON.stringify(value));

async function answer(request, response) {
  let body = '';
  for await (const chunk of request) body += chunk;
  const url = new URL(request.url, 'http://library');
  if (url.pathname === '/mood') {
    mood = JSON.parse(body).mood;
    return send(response, 200, { mood });
  }
  if (url.pathname === '/heard') return send(response, 200, heard);
  heard.push({ method: request.method, path: url.pathname, headers: request.headers, body });
  if (mood === 'slow') await new Promise((resolve) => setTimeout(resolve, 3000));
  if (url.pathname === '/') return send(response, 200, page, 'text/html');
  if (url.pathname === '/logo.svg')
    return send(response, 200, '<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml');
  if (mood === 'ill') return send(response, 503, { error: 'the stacks are closed', token: 'hunter2-secret' });
  if (url.pathname === '/books') return send(response, 200, { books: [{ id: 7, title: 'Orrery', pages: 321 }] });
  if (url.pathname === '/old-books') return response.writeHead(302, { location: '/books' }).end();
  if (url.pathname === '/loans' && request.method === 'POST') {
    loans += 1;
    const id = `loan-${loans}`;
    setTimeout(() => ready.add(id), 300);
    return send(response.setHeader('x-loan', id), 201, { id, book: JSON.parse(body).book });
  }
  const loan = /^\/loans\/(.+)$/.exec(url.pathname)?.[1];
  if (loan && request.method === 'DELETE') return response.writeHead(204).end();
  if (loan) return send(response, 200, { id: loan, state: ready.has(loan) ? 'ready' : 'asked' });
  return send(response, 404, { error: 'not here' });
}

const server = createServer((request, response) => void answer(request, response));
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => process.send?.({ port: server.address().port }));
process.on('disconnect', () => process.exit(0));
