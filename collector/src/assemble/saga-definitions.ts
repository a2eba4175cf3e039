import type { Logger } from 'pino';
import type { SagaDefinition } from '../project/saga/definition.js';
import { readDefinitions } from '../project/saga/read-definitions.js';

const REREAD_MS = 5000;

export interface SagaDefinitions {
  /** Always the same array; what is in it follows the files. */
  current: SagaDefinition[];
  stop(): void;
}

/** Reads the definition files of all folders, and again every few seconds: editing one needs no restart. */
export async function followSagaDefinitions(folders: readonly string[], logger: Logger): Promise<SagaDefinitions> {
  const current: SagaDefinition[] = [];
  let told = '';
  const read = async (): Promise<void> => {
    const found = await Promise.all(folders.map((folder) => readDefinitions(folder)));
    current.splice(0, current.length, ...found.flatMap(({ definitions }) => definitions));
    const faults = found.flatMap((folder) => folder.faults);
    const text = JSON.stringify(faults);
    if (faults.length > 0 && text !== told)
      for (const { file, line, path, message } of faults) logger.warn(`${file}:${line} ${path}: ${message}`);
    told = text;
  };
  await read();
  const timer = setInterval(
    () => void read().catch((error: unknown) => logger.warn({ err: error }, 'sagas')),
    REREAD_MS,
  );
  return { current, stop: () => clearInterval(timer) };
}
