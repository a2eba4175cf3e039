import { describe, expect, it } from 'vitest';
import type * as Question from '../../src/store/question.js';
import { LogOfRecords } from '../fixtures/log-of-records.js';
import type { SpanGiven } from '../fixtures/otlp-encoder.js';
import { nano, type OpenStore, ranged, signal, spanId, storeFor, T0_MS, traceId } from './store-under-test.js';

const DESK = { 'service.name': 'lending-desk', 'service.instance.id': 'd1' };

/** A step of the saga that lends a book between two libraries. */
function step(saga: number, at: number, name: string, outcome: string, kind = 'action'): SpanGiven {
  return {
    traceId: traceId(saga),
    spanId: spanId(saga * 100 + at),
    name,
    startNano: nano(at * 1000),
    endNano: nano(at * 1000 + 10),
    status: outcome === 'failed' ? 2 : 0,
    attributes: {
      'saga.id': `loan-${saga}`,
      'saga.name': 'interlibrary-loan',
      'saga.type': 'orchestration',
      'saga.step.name': name,
      'saga.step.kind': kind,
      'saga.step.outcome': outcome,
      'correlation.id': `reader-${saga}`,
    },
  };
}

function moment(saga: number, at: number, event: string) {
  return {
    timeNano: nano(at * 1000),
    eventName: `saga.${event}`,
    body: event,
    attributes: { 'saga.id': `loan-${saga}`, 'saga.name': 'interlibrary-loan' },
  };
}

function breaker(at: number, state: string, previous: string) {
  return {
    timeNano: nano(at * 60_000),
    eventName: 'circuit_breaker.state_change',
    severity: 13,
    attributes: {
      'circuit_breaker.name': 'courier',
      'circuit_breaker.state': state,
      'circuit_breaker.previous_state': previous,
      'circuit_breaker.library': 'pybreaker',
      'server.address': 'courier.example',
    },
  };
}

export function describeSagasAndBreakers(open: OpenStore): void {
  describe('sagas and breakers', () => {
    const store = storeFor(open, async ({ writer }) => {
      const log = new LogOfRecords(T0_MS);
      log.spans(DESK, [step(1, 1, 'request', 'succeeded'), step(1, 2, 'ship', 'succeeded')]);
      log.logs(DESK, [moment(1, 0, 'started'), moment(1, 3, 'completed')]);
      log.spans(DESK, [step(2, 1, 'request', 'succeeded'), step(2, 2, 'ship', 'failed')]);
      log.spans(DESK, [step(2, 4, 'request', 'succeeded', 'compensation')]);
      log.logs(DESK, [moment(2, 0, 'started'), moment(2, 5, 'compensated')]);
      log.spans(DESK, [step(3, 1, 'request', 'succeeded')]);
      log.logs(DESK, [moment(3, 0, 'started')]);
      log.logs(DESK, [breaker(1, 'open', 'closed'), breaker(2, 'half_open', 'open')]);
      log.receivedAt(T0_MS + 86_400_000).logs(DESK, [breaker(3, 'open', 'half_open')]);
      // In another order than things happened, and one by one.
      for (const record of log.records) await writer.write([record], signal);
    });
    const ask = (question: Partial<Question.Sagas>) =>
      store().reader.sagas(
        {
          ...ranged,
          name: '',
          state: '',
          search: '',
          synthetic: 'include',
          sort: 'updated',
          order: 'desc',
          limit: 100,
          ...question,
        },
        signal,
      );

    it('folds facts into states, and counts over everything but the state asked for', async () => {
      const list = await ask({});
      expect(Object.fromEntries(list.sagas.map(({ saga_id, state, stuck }) => [saga_id, `${state} ${stuck}`]))).toEqual(
        {
          'loan-1': 'completed false',
          'loan-2': 'compensated false',
          'loan-3': 'running true',
        },
      );
      const stuck = await ask({ state: 'stuck' });
      expect(stuck.sagas.map(({ saga_id }) => saga_id)).toEqual(['loan-3']);
      expect(stuck.counts).toMatchObject({ completed: 1, compensated: 1, running: 1 });
      expect(stuck.names).toEqual(['interlibrary-loan']);
      expect((await ask({ search: 'READER-2' })).sagas.map(({ saga_id }) => saga_id)).toEqual(['loan-2']);
    });

    it.each(['updated', 'started', 'duration'] as const)('pages through sagas by %s, each once', async (sort) => {
      const paged: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await ask({ sort, limit: 1, ...(cursor ? { cursor } : {}) });
        paged.push(...page.sagas.map(({ saga_id }) => saga_id));
        cursor = page.next_cursor;
      } while (cursor !== null);
      expect(paged).toEqual((await ask({ sort })).sagas.map(({ saga_id }) => saga_id));
      expect(paged).toHaveLength(3);
    });

    it('refuses a cursor of another list', async () => {
      const cursor = Buffer.from('["loan-1"]').toString('base64url');
      await expect(ask({ cursor })).rejects.toMatchObject({ code: 'cursor_invalid', retryable: false });
    });

    it('tells one saga by its id, and null of an unknown one', async () => {
      const saga = await store().reader.saga('loan-2', signal);
      expect(saga?.truncated).toBe(false);
      expect(saga?.trace_ids).toEqual([traceId(2)]);
      expect(saga?.attempts.map(({ step: name, kind, outcome }) => `${name} ${kind} ${outcome}`)).toEqual([
        'request action succeeded',
        'ship action failed',
        'request compensation succeeded',
      ]);
      expect(await store().reader.saga('nobody', signal)).toBeNull();
    });

    it('shows how far sagas came, and lets them be asked about', async () => {
      const funnel = await store().reader.sagaFunnel(
        { ...ranged, synthetic: 'include', name: 'interlibrary-loan' },
        signal,
      );
      expect(funnel).toMatchObject({ total: 3, completed: 1, compensated: 1, stuck: 1 });
      expect(funnel.steps.find(({ name }) => name === 'request')).toMatchObject({ reached: 3 });
      expect(funnel.steps.find(({ name }) => name === 'ship')).toMatchObject({ reached: 2, failed: 1 });
      const { groups } = await store().reader.aggregate(
        {
          ...ranged,
          signal: 'sagas',
          filter: { kind: 'all' },
          synthetic: 'include',
          measures: [{ op: 'count' }],
          group_by: ['state'],
          step_ms: 0,
          limit: 10,
        },
        signal,
      );
      expect(groups.map(({ key }) => key[0]).toSorted()).toEqual(['compensated', 'completed', 'running']);
    });

    it('keeps the history of breakers as bands, late statements included', async () => {
      const { breakers, transitions } = await store().reader.breakers({ ...ranged, service: '' }, signal);
      expect(breakers).toMatchObject([
        { name: 'courier', service: 'lending-desk', state: 'open', library: 'pybreaker', target: 'courier.example' },
      ]);
      const bands = breakers[0]?.bands.filter(({ state }) => state !== 'unknown' && state !== 'closed') ?? [];
      expect(bands.map(({ state, from_ms }) => `${state} ${(from_ms - T0_MS) / 60_000}`)).toEqual([
        'open 1',
        'half_open 2',
        'open 3',
      ]);
      expect(transitions).toHaveLength(3);
    });
  });
}
