import type { Logger } from 'pino';
import { AlertDesk } from '../alert/alert-desk.js';
import type { Check } from '../check/check.js';
import { definitionOf } from '../check/definition.js';
import { faultText } from '../check/fault.js';
import { findFiles } from '../check/find-files.js';
import { loadFiles } from '../check/load-files.js';
import type { SecretMask } from '../check/secret-mask.js';
import type { VariableSource } from '../check/variables.js';
import { watchFiles } from '../check/watch-files.js';
import { judgeExpectation } from '../expect/expectation-probe.js';
import { type JudgeParts, runCheck } from '../judge/run-check.js';
import { createReceivers } from '../notify/receivers.js';
import { browserProbe } from '../probe/browser/browser-probe.js';
import { findChromium } from '../probe/browser/find-chromium.js';
import { WarmBrowser } from '../probe/browser/warm-browser.js';
import { collectorArtifacts } from '../report/artifact-sinks.js';
import { collectorClient } from '../report/collector-client.js';
import { RunReporter } from '../report/run-reporter.js';
import { SaidOnce } from '../report/said-once.js';
import { startTelemetry } from '../report/telemetry.js';
import { Dispatcher } from '../schedule/dispatcher.js';
import type { RunnerConfig } from './runner-config.js';

export interface ServeOptions {
  /** Files and folders with checks, journeys and expectations. */
  readonly paths: readonly string[];
  readonly config: RunnerConfig;
  readonly source: VariableSource;
  readonly mask: SecretMask;
  readonly api: string;
  readonly otlp: string;
  readonly log: Logger;
}

const WATCH_EVERY_MS = 2000;

/** The runner: schedules, probes, judges, alerts. It owns nothing; all that must last is with the collector. */
export async function serve(options: ServeOptions): Promise<{ stop(): Promise<void> }> {
  const { api, config, log, mask, source } = options;
  const collector = collectorClient(api);
  const said = new SaidOnce(log, 'the collector');
  const telemetry = startTelemetry(options.otlp);
  const browser = new WarmBrowser(() => findChromium(source.env));
  const reporter = new RunReporter(collector, log, said);
  const receivers = createReceivers(config.notify);
  const desk = new AlertDesk({ collector, receivers, dashboard: config.synthetic.dashboard_url ?? api, log, said });
  const parts: JudgeParts = {
    tracer: telemetry.tracer,
    location: config.synthetic.location,
    variables: source,
    mask,
    artifacts: collectorArtifacts(collector),
    browser: browserProbe(browser),
    expectation: (check, signal) => judgeExpectation(check, collector, signal),
  };

  const dispatcher = new Dispatcher(async (check: Check, skipped, stop) => {
    try {
      const run = await runCheck(check, parts, stop);
      const details = skipped > 0 ? { ...run.details, skipped_starts: skipped } : run.details;
      reporter.add({ ...run, details });
      desk.observe(check, run);
    } catch (error) {
      if (!stop.aborted) log.error({ check: check.name, err: error }, 'a check could not be run');
    }
  }, config.synthetic.concurrency);

  const load = async () => {
    const { files, missing } = await findFiles(options.paths);
    for (const { path, message } of missing) log.warn({ path }, message);
    const loaded = await loadFiles(files, source);
    for (const { file, faults } of loaded) for (const fault of faults) log.warn(faultText(file, fault));
    const definitions = loaded.map(definitionOf);
    reporter.setDefinitions(definitions);
    desk.setChecks(new Set(definitions.map(({ name }) => name)));
    const checks = loaded.flatMap(({ check }) => (check ? [check] : []));
    dispatcher.setChecks(checks);
    log.info({ checks: checks.length, files_with_faults: loaded.length - checks.length }, 'checks are loaded');
  };
  await load();
  desk.start();
  const watch = watchFiles(options.paths, WATCH_EVERY_MS, load);

  return {
    async stop() {
      await watch.stop();
      await dispatcher.stop();
      await Promise.all([desk.stop(), reporter.stop(), browser.close()]);
      await telemetry.stop();
      log.info({ skipped_starts: dispatcher.skipped, dropped_runs: reporter.dropped }, 'the runner has stopped');
    },
  };
}
