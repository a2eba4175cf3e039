/**
 * Which folder may import what. The agent lives in other people's processes and knows nothing of ours;
 * dashboard and synthetic know the collector by its contract alone.
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'agent-stands-alone',
      comment: 'The agent imports nothing of ours.',
      severity: 'error',
      from: { path: '^agent/src' },
      to: { path: '^(collector|dashboard|synthetic|deploy)/' },
    },
    {
      name: 'contract-only',
      comment: 'dashboard and synthetic see the collector through @orrery/collector/api, nothing else.',
      severity: 'error',
      from: { path: '^(dashboard|synthetic)/src' },
      to: { path: '^(collector|agent|deploy)/', pathNot: '^collector/(src|dist)/api/contract/' },
    },
    {
      name: 'contract-runs-anywhere',
      comment: 'The contract is read by browsers: no Node module, and no part of the collector.',
      severity: 'error',
      from: { path: '^collector/src/api/contract' },
      to: { pathNot: '^collector/src/api/contract|node_modules/zod' },
    },
    {
      name: 'collector-stands-alone',
      severity: 'error',
      from: { path: '^collector/src' },
      to: { path: '^(agent|dashboard|synthetic|deploy)/' },
    },
    {
      name: 'shop-knows-nothing-of-orrery',
      comment: 'Of telemetry, a service of the demo may use the public OpenTelemetry API alone.',
      severity: 'error',
      from: { path: '^deploy/demo/(services|messages|load)' },
      to: {
        path: '^(agent|collector|dashboard|synthetic)/|node_modules/@orrery/|node_modules/@opentelemetry/(?!api/)',
      },
    },
    {
      name: 'bootstrap-needs-only-node',
      comment: 'It runs before anything is installed.',
      severity: 'error',
      from: { path: '^deploy/bootstrap' },
      to: { path: 'node_modules/|^(agent|collector|dashboard|synthetic)/' },
    },
    {
      name: 'no-unresolvable',
      comment: 'otel/*.cjs are made by the build of the agent.',
      severity: 'error',
      from: { pathNot: '^deploy/bootstrap' },
      to: { couldNotResolve: true, pathNot: '^./otel/[\\w.-]+[.]cjs$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|/dist/' },
    exclude: { path: '(^|/)(test|bench)/|\\.test\\.tsx?$' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.cts', '.mts', '.js', '.mjs', '.cjs', '.jsx', '.d.ts'],
    },
  },
};
