import fc from 'fast-check';

/**
 * Property tests begin at the same seed in every run, so that a red run is red again. `FAST_CHECK_SEED` explores
 * elsewhere; what it finds becomes a test of its own.
 */
fc.configureGlobal({ seed: Number(process.env['FAST_CHECK_SEED'] ?? 20_261_121) });
