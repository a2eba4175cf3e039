/** Attribute, baggage and header names that mark a run; see the project's vocabulary. */
export const Name = {
  synthetic: 'synthetic',
  check: 'synthetic.check',
  run: 'synthetic.run',
  location: 'synthetic.location',
  step: 'synthetic.step',
  attempt: 'synthetic.attempt',
  verdict: 'synthetic.verdict',
  correlationId: 'correlation.id',
  correlationHeader: 'x-correlation-id',
} as const;

export const SERVICE_NAME = 'orrery-synthetic';
