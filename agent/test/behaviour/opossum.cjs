const { setTimeout: wait } = require('node:timers/promises');
const CircuitBreaker = require('opossum');
const { probe } = require('./probe.cjs');

const EVENTS = [
  'fire',
  'success',
  'failure',
  'timeout',
  'reject',
  'open',
  'close',
  'halfOpen',
  'fallback',
  'cacheHit',
  'cacheMiss',
  'semaphoreLocked',
  'shutdown',
];
const options = { timeout: 30, resetTimeout: 40, errorThresholdPercentage: 50, volumeThreshold: 1 };

/** Every event of a breaker with how many arguments it brought. */
function listen(breaker) {
  const told = [];
  for (const event of EVENTS) breaker.on(event, (...args) => told.push([event, args.length]));
  return told;
}

const settled = (promise) =>
  promise.then(
    (value) => ['value', value],
    (error) => [error.name, error.code, error.message],
  );

void (async () => {
  await probe('the class looks as it did', () => [
    CircuitBreaker.name,
    CircuitBreaker.length,
    Object.getOwnPropertyNames(CircuitBreaker).toSorted(),
    Object.getPrototypeOf(CircuitBreaker.prototype).constructor.name,
  ]);
  await probe('calls succeed and fail with their own values and errors', async () => {
    const breaker = new CircuitBreaker(
      async (x) => {
        if (x < 0) throw Object.assign(new RangeError('negative'), { code: 'NEG' });
        return x * 2;
      },
      { ...options, volumeThreshold: 10 },
    );
    const told = listen(breaker);
    return [
      await settled(breaker.fire(2)),
      await settled(breaker.fire(-1)),
      told,
      breaker.stats.fires,
      breaker.stats.failures,
    ];
  });
  await probe('it opens, rejects, half-opens and closes, and tells so in this order', async () => {
    let fails = true;
    const breaker = new CircuitBreaker(async () => {
      if (fails) throw new Error('down');
      return 'up';
    }, options);
    const told = listen(breaker);
    const seen = [await settled(breaker.fire()), breaker.opened, await settled(breaker.fire())];
    fails = false;
    await wait(60);
    seen.push(breaker.halfOpen, await settled(breaker.fire()), breaker.closed);
    return [seen, told];
  });
  await probe('time-out, fallback and this of the action are as they were', async () => {
    const breaker = new CircuitBreaker(function () {
      return this === undefined || this === globalThis ? wait(200, 'late', { ref: false }) : 'bound';
    }, options);
    breaker.fallback((error) => ['fallback', error?.code]);
    const told = listen(breaker);
    const bound = new CircuitBreaker(function () {
      return Promise.resolve(this.name);
    }, options);
    return [await settled(breaker.fire()), await settled(bound.call({ name: 'mine' })), told];
  });
  await probe('emit and on answer as they did, and listeners count', () => {
    const breaker = new CircuitBreaker(async () => 1, options);
    return [
      breaker.on('success', () => undefined) === breaker,
      breaker.listenerCount('success'),
      breaker.listenerCount('fire'),
      breaker.eventNames().map(String),
      breaker.emit('nothing'),
    ];
  });
  await probe('a subclass, a name, a group and warm-up are kept', async () => {
    class Mine extends CircuitBreaker {
      get mine() {
        return 'mine';
      }
    }
    const breaker = new Mine(async () => 1, { ...options, name: 'n', group: 'g', allowWarmUp: true });
    return [
      breaker.name,
      breaker.group,
      breaker.mine,
      breaker instanceof CircuitBreaker,
      breaker.warmUp,
      Object.keys(breaker.toJSON()),
    ];
  });
  await probe('capacity and disabled breakers behave', async () => {
    const breaker = new CircuitBreaker(() => wait(10, 1), { ...options, capacity: 1 });
    const first = breaker.fire();
    const second = await settled(breaker.fire());
    const off = new CircuitBreaker(async () => Promise.reject(new Error('x')), { ...options, enabled: false });
    return [await settled(first), second, await settled(off.fire()), await settled(off.fire()), off.closed];
  });
  process.exit(0);
})();
