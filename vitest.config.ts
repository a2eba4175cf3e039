import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const packages = ['agent', 'collector', 'dashboard', 'synthetic', 'deploy'];

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  test: {
    // Two cores, and most tests start real processes: more workers only make them slower.
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 240_000,
    projects: packages.map((name) => ({
      test: {
        name,
        root: name,
        setupFiles: [here('vitest.setup.ts')],
        globalSetup: name === 'collector' ? [here('collector/test/shared-elasticsearch.ts')] : [],
        include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'test/**/*.test.ts'],
        testTimeout: 180_000,
        hookTimeout: 240_000,
      },
    })),
  },
});
