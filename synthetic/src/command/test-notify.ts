import { nanoText, newAlert } from '../alert/alert-record.js';
import { composeMessage } from '../alert/page-text.js';
import type { Receiver } from '../notify/receivers.js';

const SEND_TIMEOUT_MS = 15_000;

/** Sends a page and its resolve to every receiver and prints what came of it; the exit code: 0 all took both, 1 not. */
export async function testNotify(
  receivers: readonly Receiver[],
  dashboard: string,
  print: (line: string) => void,
): Promise<0 | 1> {
  if (receivers.length === 0) {
    print('There are no receivers: put some under "notify:" in the configuration.');
    return 1;
  }
  const now = Date.now();
  const check = {
    name: 'test-notify',
    title: 'This is a test of the receivers',
    severity: 'page',
    owner: '',
    runbook: '',
  } as const;
  const alert = {
    ...newAlert(check, now),
    sentence: 'Nothing is wrong: somebody tries whether pages arrive.',
    episode: now,
  };
  let code: 0 | 1 = 0;
  for (const { name, notifier } of receivers) {
    for (const kind of ['firing', 'resolved'] as const) {
      const id = `${now}:${kind}:${name}`;
      const notification = {
        id,
        receiver: name,
        kind,
        at: nanoText(now),
        outcome: 'waiting',
        attempts: 0,
        error: '',
      } as const;
      try {
        await notifier.send(composeMessage(alert, notification, dashboard, now), AbortSignal.timeout(SEND_TIMEOUT_MS));
        print(`${name}: took the ${kind === 'firing' ? 'page' : 'resolve'}`);
      } catch (error) {
        print(`${name}: did not take the ${kind === 'firing' ? 'page' : 'resolve'}: ${(error as Error).message}`);
        code = 1;
      }
    }
    notifier.close();
  }
  return code;
}
