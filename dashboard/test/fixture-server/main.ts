import { startFixtureServer } from './server.ts';
import type { Scenario } from './world.ts';

// tsx test/fixture-server/main.ts <scenario> <port> [folder of built pages]
const [scenario = 'normal', port = '21610', pages] = process.argv.slice(2);
const server = await startFixtureServer(scenario as Scenario, { port: Number(port), ...(pages ? { pages } : {}) });
console.log(`${scenario}: ${server.url}`);
