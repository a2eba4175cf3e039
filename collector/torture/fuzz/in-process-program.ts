import { fuzzInProcess, type InProcessOptions } from './in-process-run.js';

/** A process of its own, so that whoever started it survives what it tries: options come as JSON, figures go as messages. */
const options = JSON.parse(process.argv[2]!) as Omit<InProcessOptions, 'progress'>;
const found = await fuzzInProcess({ ...options, progress: (figures) => process.send?.({ figures }) });
const told = found === null ? null : { ...found, given: { ...found.given, body: found.given.body.toString('hex') } };
process.send?.({ found: told }, () => process.disconnect());
