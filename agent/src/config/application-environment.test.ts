import { expect, it } from 'vitest';
import { applicationOf } from './application-environment.js';

it('is what Node was started with', () => {
  const environment = { OTEL_SERVICE_NAME: 'orders' };
  expect(applicationOf(environment, '/app/main.js', '/app')).toEqual({
    environment,
    script: '/app/main.js',
    workingDirectory: '/app',
  });
});

it('is the script that PM2 was asked to start, not its own', () => {
  const environment = { pm_exec_path: '/app/main.js', pm_cwd: '/app' };
  expect(applicationOf(environment, '/pm2/lib/ProcessContainerFork.js', '/')).toMatchObject({
    script: '/app/main.js',
    workingDirectory: '/app',
  });
});

it('has the environment that PM2 hands to a worker of its cluster mode', () => {
  const handed = { OTEL_SERVICE_NAME: 'orders', instances: 2, pm_exec_path: '/app/main.js', env: { nested: true } };
  const { environment, script } = applicationOf({ PATH: '/bin', pm2_env: JSON.stringify(handed) }, '/pm2.js', '/');
  expect(environment).toMatchObject({ PATH: '/bin', OTEL_SERVICE_NAME: 'orders', instances: '2' });
  expect(environment).not.toHaveProperty('env');
  expect(script).toBe('/app/main.js');
});

it('leaves a variable of the same name alone that is not PM2’s', () => {
  expect(applicationOf({ pm2_env: 'production' }, '/app/main.js', '/app').script).toBe('/app/main.js');
});
