const VARIABLE = 'OTEL_SEMCONV_STABILITY_OPT_IN';

/**
 * Constructs an instrumentation so that it writes today's names (`db.query.text`): it reads the choice from the
 * environment when constructed. What the user chose for the same area stands.
 */
export function withStableConventions<Instrumentation>(
  area: string,
  construct: () => Instrumentation,
): Instrumentation {
  const chosen = process.env[VARIABLE];
  if (chosen?.split(',').some((word) => word.trim().startsWith(area))) return construct();
  process.env[VARIABLE] = chosen === undefined ? area : `${chosen},${area}`;
  try {
    return construct();
  } finally {
    if (chosen === undefined) delete process.env[VARIABLE];
    else process.env[VARIABLE] = chosen;
  }
}
