/**
 * Whether the application runs an OpenTelemetry SDK of its own. It keeps it: from then on the agent makes no spans, sends
 * no context along and leaves the API to it; log records (with the ids of the application's spans) and metrics go on.
 */
export class StandBack {
  private readonly works: (() => void)[] = [];
  private stoodBack = false;

  get happened(): boolean {
    return this.stoodBack;
  }

  /** `work` runs when it happens; at once, if it has. */
  whenItHappens(work: () => void): void {
    if (this.stoodBack) work();
    else this.works.push(work);
  }

  now(): void {
    if (this.stoodBack) return;
    this.stoodBack = true;
    for (const work of this.works.splice(0)) work();
  }
}
