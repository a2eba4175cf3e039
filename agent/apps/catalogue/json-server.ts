import { SECRET } from '../judge.js';
import type { Exchange, PublishedApp } from '../published-app.js';

const DATABASE = JSON.stringify({
  posts: Array.from({ length: 50 }, (_, id) => ({ id: String(id + 1), title: `post ${id + 1}`, views: id * 10 })),
  comments: Array.from({ length: 50 }, (_, id) => ({
    id: String(id + 1),
    text: `text ${id}`,
    postId: String((id % 5) + 1),
  })),
  profile: { name: 'typicode' },
});

function exchanges(routes: { list: string | null; one: string | null; post: string | null }): Exchange[] {
  const { list, one, post } = routes;
  return [
    { path: '/posts', route: list },
    { path: '/posts?_sort=views&_page=2', route: list },
    { path: '/posts/7', route: one },
    { path: '/posts/77777', route: one },
    { path: '/nowhere/at/all' },
    { path: '/profile' },
    { path: '/posts', method: 'POST', body: { id: 'new', title: SECRET }, route: post },
    { path: '/posts/new', method: 'PUT', body: { title: SECRET, text: 'x'.repeat(60_000) } },
    { path: '/posts/new', method: 'PATCH', body: { title: 'patched' } },
    { path: '/posts', method: 'POST', body: '{"broken":' },
    { path: '/posts/new', method: 'DELETE' },
    { path: '/posts', method: 'OPTIONS' },
    { path: '/posts/1', method: 'HEAD' },
    { path: '/' },
  ];
}

const LOAD: Exchange[] = [
  { path: '/posts/3' },
  { path: '/posts' },
  { path: '/comments?postId=2' },
  { path: '/nowhere/x' },
];

export const jsonServer: PublishedApp = {
  name: 'json-server',
  version: '0.17.4',
  module: 'CommonJS',
  framework: 'express 4',
  packages: ['json-server@0.17.4'],
  files: () => ({ 'db.json': DATABASE }),
  start: ({ ports, data }) => ({
    program: 'json-server',
    args: ['--port', String(ports[0]), '--host', '127.0.0.1', `${data}/db.json`],
  }),
  readyPath: '/profile',
  exchanges: exchanges({ list: '/posts', one: '/posts/:id', post: '/posts' }),
  load: LOAD,
  stop: 'SIGTERM',
  exceptions: [{ what: /POST \/posts 400/, why: 'it writes the length of an answer that holds a stack trace' }],
};

export const jsonServerBeta: PublishedApp = {
  name: 'json-server',
  version: '1.0.0-beta.15',
  module: 'ESM',
  framework: 'tinyhttp',
  packages: ['json-server@1.0.0-beta.15'],
  files: () => ({ 'db.json': DATABASE }),
  start: ({ ports, data }) => ({
    program: 'json-server',
    args: ['--port', String(ports[0]), '--host', '127.0.0.1', `${data}/db.json`],
  }),
  readyPath: '/profile',
  exchanges: exchanges({ list: null, one: null, post: null }),
  load: LOAD,
  stop: 'SIGTERM',
  exceptions: [{ what: /^stdout: .*[♡˶]/, why: 'it greets with one of four faces, drawn by lot' }],
};
