import { createServer } from 'node:http';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 1 });
const server = createServer(async (req, res) => {
  const { rows } = await pool.query("SELECT $1::int + 1 AS next, 'secret' AS word WHERE 42 = 42", [41]);
  res.end(String(rows[0].next));
});
server.listen(0, () => console.log(`listening ${server.address().port}`));
