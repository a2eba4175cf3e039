import { arch, cpus, platform, totalmem } from 'node:os';

export function shown(value) {
  return Math.abs(value) >= 1000 ? value.toFixed(0) : value.toFixed(Math.abs(value) < 10 ? 2 : 1);
}

export function signed(value) {
  return `${value >= 0 ? '+' : '−'}${shown(Math.abs(value))}`;
}

/** One line about where the figures come from. */
export function machine() {
  const memory = Math.round(totalmem() / 2 ** 30);
  return `Node ${process.version}, ${platform()} ${arch()}, ${cpus().length} × ${cpus()[0]?.model ?? '?'}, ${memory} GB`;
}
