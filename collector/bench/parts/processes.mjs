import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** The processes of a program that was started as `pid`, by what each was started as, with what each has used so far. */
export function processesOf(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  return [usage(pid, 'supervisor'), ...children.map((child) => usage(child, roleOf(child)))];
}

/** What all of them have used together. */
export function totalOf(processes) {
  const sum = (key) => processes.reduce((total, process) => total + process[key], 0);
  return { cpuSeconds: sum('cpuSeconds'), rss: sum('rss'), descriptors: sum('descriptors') };
}

function roleOf(pid) {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  return ['ingest', 'store', 'api'].find((role) => words.includes(role)) ?? words[0];
}

function usage(pid, role) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ');
  const resident = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
  return {
    pid: Number(pid),
    role,
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    rss: Number(resident?.[1] ?? 0) * 1024,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
  };
}
