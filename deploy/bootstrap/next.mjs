import { isNodeSupported } from './node-version.mjs';

// Only after the check: what follows does not even load on an old Node.
if (isNodeSupported()) void import('./matrix/main.mjs').then(({ main }) => main('next/index.ts'));
