/**
 * Preloaded into a process of the collector: its wall clock runs `factor` times as fast, so that slices of a minute end
 * every few seconds. The file `TORTURE_CLOCK` holds `<real ms> <shown ms> <factor>`, the same for every process.
 */
import { readFileSync } from 'node:fs';

const realNow = Date.now.bind(Date);
const [realMs, shownMs, factor] = readFileSync(process.env.TORTURE_CLOCK, 'utf8').split(' ').map(Number);
Date.now = () => Math.floor(shownMs + (realNow() - realMs) * factor);
