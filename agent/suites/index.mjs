import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startCollector } from './counting-collector.mjs';
import { prepare, testFiles } from './prepare.mjs';
import { runTests } from './run-tests.mjs';
import { suites } from './suites.mjs';

const REPETITIONS = 2;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { dir: { type: 'string', default: '../.tools/suites' }, help: { type: 'boolean', short: 'h' } },
});
const unknown = positionals.filter((asked) => !suites.some((suite) => suite.package === asked));

if (values.help || unknown.length > 0) {
  if (unknown.length > 0) console.error(`unknown: ${unknown.join(', ')}\n`);
  console.log('npm run agent:suites -- [package …] [--dir folder]\n');
  console.log(`Published test suites, with the agent and without: ${suites.map((suite) => suite.package).join(', ')}`);
  process.exitCode = unknown.length > 0 ? 1 : 0;
} else {
  const folder = resolve(values.dir);
  await mkdir(folder, { recursive: true });
  for (const suite of suites) {
    if (positionals.length > 0 && !positionals.includes(suite.package)) continue;
    if (!(await isHarmless(suite, folder))) process.exitCode = 1;
  }
}

/**
 * Whether every test that passes without the agent passes with it. What differs is run again on both sides: only a test
 * that keeps passing without and failing with the agent is the agent's doing.
 */
async function isHarmless(suite, folder) {
  const place = await prepare(suite, folder);
  const files = await testFiles(place, suite.files);
  const collector = await startCollector();
  try {
    const plain = await runTests(place, files, { flags: suite.flags });
    const observed = await runTests(place, files, { flags: suite.flags, collector: collector.url });
    let harmed = differing(plain, observed);
    for (let repetition = 0; repetition < REPETITIONS && harmed.length > 0; repetition++) {
      const again = [...new Set(harmed.map(({ file }) => file).filter(Boolean))];
      if (again.length === 0) break;
      const without = await runTests(place, again, { flags: suite.flags });
      const within = await runTests(place, again, { flags: suite.flags, collector: collector.url });
      const still = new Set(differing(without, within).map(({ key }) => key));
      harmed = harmed.filter(({ key }) => still.has(key));
    }
    const excused = harmed.filter(({ file, name }) =>
      suite.exceptions?.some((exception) => file.endsWith(exception.file) && exception.test.test(name)),
    );
    const guilty = harmed.filter((test) => !excused.includes(test));
    const passes = [...plain.values()].filter(({ ok }) => ok).length;
    const seen = `${collector.bodies[suite.proof]} bodies of ${suite.proof}`;
    const isOff = collector.bodies[suite.proof] === 0;
    const verdict = guilty.length === 0 && !isOff ? 'same' : isOff ? 'AGENT OFF' : 'HARMED';
    console.log(
      `${`${suite.package}@${suite.version}`.padEnd(30)} ${verdict.padEnd(10)} ${passes} of ${plain.size} pass without the agent; ` +
        `${guilty.length} of them fail with it, ${excused.length} excused; ${seen}`,
    );
    for (const { file, name, error } of guilty) console.log(`  ${file} › ${name}\n    ${error?.split('\n')[0]}`);
    return guilty.length === 0 && !isOff;
  } finally {
    collector.close();
  }
}

function differing(plain, observed) {
  return [...plain]
    .filter(([key, { ok }]) => ok && observed.get(key)?.ok !== true)
    .map(([key, { file, name }]) => ({ key, file, name, error: observed.get(key)?.error ?? 'did not run' }));
}
