import { SECRET } from '../judge.js';
import type { Exchange, PublishedApp } from '../published-app.js';

const ask = (query: string, variables = {}): Exchange => ({
  path: '/graphql',
  method: 'POST',
  body: { query, variables },
});

/** GraphQL over the tables of a PostgreSQL; here over its catalogue. */
export const postgraphile: PublishedApp = {
  name: 'postgraphile',
  version: '4.14.1',
  module: 'CommonJS',
  framework: 'node:http, graphql, pg',
  packages: ['postgraphile@4.14.1'],
  needs: 'postgresql',
  start: ({ ports, server }) => ({
    program: 'postgraphile',
    args: [
      '-c',
      server,
      '-n',
      '127.0.0.1',
      '-p',
      String(ports[0]),
      '--schema',
      'information_schema',
      '--enhance-graphiql',
    ],
  }),
  readyPath: '/graphiql',
  exchanges: [
    ask('{ __typename }'),
    ask('{ allTables(first: 3) { nodes { tableName } } }'),
    ask('query ($name: String) { allTables(first: 1, condition: { tableName: $name }) { nodes { tableName } } }', {
      name: SECRET,
    }),
    ask('{ nothing }'),
    ask('{ broken'),
    { path: '/graphql' },
    { path: '/graphql', method: 'POST', body: '{"broken":' },
    { path: '/graphiql' },
    { path: '/nowhere/7' },
  ],
  load: [ask('{ __typename }'), ask('{ allTables(first: 3) { nodes { tableName } } }'), { path: '/nowhere/x' }],
  requests: 400,
  stop: 'SIGTERM',
  exceptions: [
    { what: /"pg\.query:(?:SHOW|--) postgres" is in no request/, why: 'it looks at the database once it listens' },
    { what: /supporting PostGraphile development/, why: 'sponsors are drawn anew' },
  ],
};
