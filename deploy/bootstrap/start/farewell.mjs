import { relative } from 'node:path';
import { root } from '../repository.mjs';
import { addresses } from './programs.mjs';

/**
 * The last lines of a start: where to look, and three things to try.
 * @param {import('./options.mjs').StartOptions} options
 * @param {number} seconds since the start
 */
export function readyText(options, seconds) {
  const { ui, otlp, shop } = addresses(options);
  const service = `OTEL_SERVICE_NAME=mine OTEL_EXPORTER_OTLP_ENDPOINT=${otlp} node --require ${root}/agent/dist/register.cjs app.js`;
  const order = `curl -H 'x-correlation-id: r7' -H 'content-type: application/json' -d '{"customer":"me","sku":"moon-globe","quantity":1,"card":"4000-0000-0000-1234"}' ${shop}/orders`;
  const port = options.demoPort === 17810 ? '' : ` --base-port ${options.demoPort}`;
  const things = options.demo
    ? [
        ['Buy a globe, then search for r7 in the dashboard:', order],
        ['Break the bank; watch breakers, sagas and alerts:', `npm run demo --${port} weather bank-down 60s`],
        ['See a service of your own:', service],
      ]
    : [
        ['See a service of your own:', service],
        ['Point any OTLP exporter here:', `OTEL_EXPORTER_OTLP_ENDPOINT=${otlp}`],
        ['Start the shop as well:', `OTEL_EXPORTER_OTLP_ENDPOINT=${otlp} npm run demo`],
      ];
  const lines = things.map(([what, command], index) => `  ${index + 1}. ${what}\n     ${command}`);
  const near = relative(process.cwd(), options.dataDir);
  const data = near === '' || near.startsWith('..') ? options.dataDir : near;
  return `
Orrery is ready after ${seconds.toFixed(0)} s: ${ui}

Three things to try:
${lines.join('\n')}

Ctrl-C stops everything. The data stays in ${data}, what the programs say in ${data}/logs.`;
}
