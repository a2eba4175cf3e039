import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

// The whole database lives in memory, its write-ahead log too: small buffers are enough for a small shop.
const database = await PGlite.create({
  postgresqlconf: [
    'shared_buffers=8MB',
    'min_wal_size=2MB',
    'max_wal_size=4MB',
    'wal_level=minimal',
    'max_wal_senders=0',
  ],
  initDbStartParams: ['--wal-segsize=1'],
});
await database.exec(`
  CREATE TABLE products (sku text PRIMARY KEY, title text NOT NULL, price_cents integer NOT NULL, available integer NOT NULL);
  CREATE TABLE reservations (order_id text PRIMARY KEY, sku text NOT NULL, quantity integer NOT NULL);
  CREATE TABLE orders (
    id text PRIMARY KEY, customer text NOT NULL, sku text NOT NULL, quantity integer NOT NULL, card text NOT NULL,
    amount_cents integer NOT NULL DEFAULT 0, state text NOT NULL, payment_id text, reason text NOT NULL DEFAULT '',
    created timestamptz NOT NULL DEFAULT now(), updated timestamptz NOT NULL DEFAULT now());
  CREATE INDEX orders_by_state ON orders (state, updated);
  INSERT INTO products VALUES
    ('brass-orrery', 'Brass orrery', 48900, 500),
    ('star-chart', 'Star chart, northern sky', 2400, 500),
    ('pocket-sundial', 'Pocket sundial', 3950, 500),
    ('refractor', 'Refractor telescope, 70 mm', 21900, 500),
    ('moon-globe', 'Moon globe', 6400, 500),
    ('astrolabe', 'Astrolabe', 15900, 500);
`);

// PGlite runs one statement at a time; the socket server lets several clients take turns.
const server = new PGLiteSocketServer({
  db: database,
  host: '127.0.0.1',
  port: Number(process.env.PORT),
  maxConnections: 16,
});
await server.start();
console.log(`database listens on ${process.env.PORT}`);

process.once('SIGTERM', () => process.exit(0));
