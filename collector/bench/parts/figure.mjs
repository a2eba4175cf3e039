/** Prints one figure of a part. */
export function figure(label, value, unit) {
  console.log(`  ${label.padEnd(44)} ${value.padStart(12)} ${unit}`);
}

export function thousands(value) {
  return `${(value / 1000).toFixed(1)} k`;
}

export function millions(value) {
  return `${(value / 1e6).toFixed(2)} M`;
}
