import type { Check } from '../check/check.js';
import { findFiles } from '../check/find-files.js';
import { loadFiles } from '../check/load-files.js';
import type { SecretMask } from '../check/secret-mask.js';
import type { VariableSource } from '../check/variables.js';
import { judgeExpectation } from '../expect/expectation-probe.js';
import { type JudgeParts, runCheck } from '../judge/run-check.js';
import { browserProbe } from '../probe/browser/browser-probe.js';
import { findChromium } from '../probe/browser/find-chromium.js';
import { WarmBrowser } from '../probe/browser/warm-browser.js';
import { folderArtifacts, noArtifacts } from '../report/artifact-sinks.js';
import { collectorClient } from '../report/collector-client.js';
import { brokenOf, type RunReport } from '../report/run-report.js';
import { startTelemetry } from '../report/telemetry.js';
import { Lane } from '../schedule/lane.js';

export interface RunOnceOptions {
  readonly paths: readonly string[];
  readonly source: VariableSource;
  readonly mask: SecretMask;
  readonly location: string;
  /** Expectations ask here. */
  readonly api: string;
  /** Traces of the runs go there. */
  readonly otlp: string;
  /** Folder for screenshots and answers of failed steps; none are kept without. */
  readonly artifacts: string | undefined;
  readonly onRun: (title: string, run: RunReport['runs'][number]['run']) => void;
  readonly stop: AbortSignal;
}

/** Runs every check under the paths once, four HTTP checks at a time and one browser; nobody is paged. */
export async function runOnce(options: RunOnceOptions): Promise<RunReport> {
  const started = Date.now();
  const { files, missing } = await findFiles(options.paths);
  const loaded = await loadFiles(files, options.source);
  const telemetry = startTelemetry(options.otlp);
  const browser = new WarmBrowser(() => findChromium(options.source.env));
  const collector = collectorClient(options.api);
  const parts: JudgeParts = {
    tracer: telemetry.tracer,
    location: options.location,
    variables: options.source,
    mask: options.mask,
    artifacts: options.artifacts === undefined ? noArtifacts : folderArtifacts(options.artifacts),
    browser: browserProbe(browser),
    expectation: (check, signal) => judgeExpectation(check, collector, signal),
  };
  const lanes: Record<Check['kind'], Lane> = { http: new Lane(4), browser: new Lane(1), expectation: new Lane(4) };
  const checks = loaded.flatMap(({ check }) => (check?.enabled ? [check] : []));
  try {
    const runs = await Promise.all(
      checks.map(async (check) => {
        const run = await lanes[check.kind].run(() => runCheck(check, parts, options.stop));
        options.onRun(check.title, run);
        return { file: check.file, title: check.title, run };
      }),
    );
    const notThere = missing.map(({ path, message }) => ({ file: path, name: path, faults: [{ path: '', message }] }));
    return { started, duration_ms: Date.now() - started, broken: [...notThere, ...brokenOf(loaded)], runs };
  } finally {
    await browser.close();
    await telemetry.stop();
  }
}
