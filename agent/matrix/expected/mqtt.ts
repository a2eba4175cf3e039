import type { Scenario } from '../scenario.js';

const about = { 'messaging.system': 'mqtt', 'messaging.destination.name': 'admitted' };

/** A message is published in a request and handled by a subscriber; one is published where nobody is any more. */
export function mqtt(version: 4 | 5): Scenario {
  return {
    app: 'mqtt',
    needs: 'mqtt broker',
    env: { MQTT_VERSION: String(version) },
    exchanges: [
      {
        path: '/publish',
        status: 200,
        span: {
          name: 'GET',
          kind: 'server',
          children: [
            {
              name: 'publish admitted',
              kind: 'producer',
              attributes: { ...about, 'messaging.operation.type': 'send' },
              children: [
                {
                  name: 'process admitted',
                  kind: 'consumer',
                  attributes: { ...about, 'messaging.operation.type': 'process' },
                },
              ],
            },
          ],
        },
        logs: [{ body: 'handling admitted', at: 'process admitted' }],
      },
      {
        path: '/gone',
        status: 502,
        span: {
          name: 'GET',
          kind: 'server',
          failed: true,
          children: [{ name: 'publish admitted', kind: 'producer', failed: true, exception: 'Error' }],
        },
      },
    ],
  };
}
