import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** CPU-seconds so far of every process of a group, those that its ended children left included. */
export function cpuOfGroup(group) {
  return seconds(({ pgrp }) => pgrp === group);
}

function seconds(wanted) {
  let ticks = 0;
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const fields = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
      if (wanted({ pid: Number(entry), ppid: fields[1], pgrp: fields[2] })) ticks += fields[11] + fields[12];
    } catch {
      // It ended while we looked.
    }
  }
  return ticks / TICKS_PER_SECOND;
}
