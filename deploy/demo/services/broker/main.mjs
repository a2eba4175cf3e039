import { createServer } from 'node:net';
import { Aedes } from 'aedes';

const broker = await Aedes.createBroker({ concurrency: 100 });
const server = createServer(broker.handle);
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log(`broker listens on ${process.env.PORT}`));

process.once('SIGTERM', () => process.exit(0));
