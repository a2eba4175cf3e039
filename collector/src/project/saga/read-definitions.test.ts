import { expect, test } from 'vitest';
import { parseDefinition } from './read-definitions.js';

const GOOD = `
name: book loan
type: choreography
correlation: loan.id
steps:
  - name: reminder sent
    match: 'service:post name:"send reminder"'
    deadline_ms: 5000
  - name: points booked
    match: service:points
    optional: true
  - name: take points back
    kind: compensation
    compensates: points booked
    match: service:points name:undo*
terminal:
  completed: [reminder sent]
`;

test('a definition file becomes steps with filters and deadlines', () => {
  const read = parseDefinition('loan.saga.yaml', GOOD);
  expect(read).toMatchObject({
    definition: {
      name: 'book loan',
      correlation: 'loan.id',
      stuckAfterMs: 60_000,
      steps: [
        { name: 'reminder sent', kind: 'action', deadlineMs: 5000, on: 'spans' },
        { name: 'points booked', optional: true },
        { name: 'take points back', kind: 'compensation', compensates: 'points booked' },
      ],
    },
  });
});

test('every fault is told with its line, filters included', () => {
  const bad = GOOD.replace('completed: [reminder sent]', 'completed: [nothing]')
    .replace('compensates: points booked', 'compensates: nothing')
    .replace('match: service:points\n', 'match: "(service:points"\n');
  const read = parseDefinition('loan.saga.yaml', bad);
  expect('faults' in read && read.faults.map((f) => [f.line, f.path])).toEqual([
    [14, 'steps.2.compensates'],
    [17, 'terminal.completed.0'],
    [10, 'steps.1.match'],
  ]);
});

test('unknown keys and broken YAML are refused with their place', () => {
  expect(parseDefinition('f', `${GOOD}\ncolour: red\n`)).toMatchObject({
    faults: [{ message: expect.stringContaining('colour') }],
  });
  expect(parseDefinition('f', 'name: [')).toMatchObject({ faults: [{ line: 1 }] });
  expect(parseDefinition('f', '- just\n- a list')).toMatchObject({ faults: [{ path: '' }] });
});
