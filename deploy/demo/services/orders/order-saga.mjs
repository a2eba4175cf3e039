import { cloudEvent } from '../../messages/cloud-event.mjs';
import { topics } from '../../messages/topics.mjs';
import { StepFailure } from './partners.mjs';
import { inSaga, recordSaga, recordStep } from './saga-record.mjs';

const attempts = 2;
const steps = ['reserve-stock', 'take-payment', 'book-shipping'];

/** @param {string} orderId @returns {import('./saga-record.mjs').Saga} */
const sagaOf = (orderId) => ({ id: `fulfil-${orderId}`, name: 'order-fulfilment', version: '1', orderId });

/**
 * Reserve stock, take payment, book shipping; what was done is undone when a later step fails.
 * @param {{
 *   store: ReturnType<typeof import('./order-store.mjs').orderStore>,
 *   partners: ReturnType<typeof import('./partners.mjs').partners>,
 *   bus: Pick<ReturnType<typeof import('../../messages/bus.mjs').connectBus>, 'publish'>,
 *   log: import('fastify').FastifyBaseLogger,
 * }} parts
 */
export function orderSaga({ store, partners, bus, log }) {
  /** @typedef {import('./order-store.mjs').Order} Order */

  /**
   * Tries a step; a technical failure is worth a second attempt, a "no" is not.
   * @template T
   * @param {string} orderId
   * @param {string} name
   * @param {(attempt: number) => Promise<T>} work
   * @param {{ answeredLater?: boolean }} [options] the step's outcome comes as a message, so no span can be the step
   * @returns {Promise<T>}
   */
  async function attempt(orderId, name, work, { answeredLater = false } = {}) {
    const saga = sagaOf(orderId);
    for (let number = 1; ; number++) {
      /** @type {import('./saga-record.mjs').Step} */
      const step = { name, index: steps.indexOf(name), kind: 'action', attempt: number };
      try {
        return await inSaga(name, saga, answeredLater ? undefined : step, async () => {
          recordStep('saga.step.started', saga, step);
          try {
            const result = await work(number);
            if (!answeredLater) recordStep('saga.step.succeeded', saga, step, { 'saga.step.outcome': 'succeeded' });
            return result;
          } catch (error) {
            recordStep('saga.step.failed', saga, step, failureAttributes(error));
            throw error;
          }
        });
      } catch (error) {
        const technical = !(error instanceof StepFailure) || error.kind === 'technical';
        log.warn({ orderId, step: name, attempt: number, err: error }, 'step failed');
        if (!technical || number === attempts) throw error;
      }
    }
  }

  /**
   * Undoes one step.
   * @param {string} orderId
   * @param {string} name the step to undo
   * @param {string} spanName
   * @param {() => Promise<unknown>} work
   * @returns {Promise<boolean>} whether it is undone
   */
  async function undo(orderId, name, spanName, work) {
    const saga = sagaOf(orderId);
    for (let number = 1; number <= attempts; number++) {
      /** @type {import('./saga-record.mjs').Step} */
      const step = { name, index: steps.indexOf(name), kind: 'compensation', attempt: number };
      try {
        await inSaga(spanName, saga, step, async () => {
          recordStep('saga.step.compensating', saga, step);
          try {
            await work();
          } catch (error) {
            recordStep('saga.step.failed', saga, step, failureAttributes(error));
            throw error;
          }
          recordStep('saga.step.compensated', saga, step, { 'saga.step.outcome': 'succeeded' });
        });
        return true;
      } catch (error) {
        log.error({ orderId, step: name, attempt: number, err: error }, 'step could not be undone');
      }
    }
    return false;
  }

  /**
   * Undoes what was done, newest first, and says how that ended.
   * @param {Order} order
   * @param {{ shipping?: boolean, payment?: boolean, stock?: boolean }} done
   * @param {string} reason
   */
  async function rollBack(order, done, reason) {
    const { id } = order;
    let undone = true;
    if (done.shipping) {
      undone = (await undo(id, 'book-shipping', 'cancel shipping', () => partners.cancelShipping(order))) && undone;
    }
    if (done.payment) {
      undone = (await undo(id, 'take-payment', 'refund payment', () => partners.refundPayment(order))) && undone;
    }
    if (done.stock) {
      undone = (await undo(id, 'reserve-stock', 'release stock', () => partners.releaseStock(order))) && undone;
    }
    const state = undone ? 'cancelled' : 'needs_person';
    await store.move(id, [order.state], state, { reason });
    recordSaga(undone ? 'saga.compensated' : 'saga.failed', sagaOf(id), { 'exception.message': reason });
    log.warn({ orderId: id, reason, state }, 'order given up');
    await bus.publish(
      topics.orderCancelled,
      cloudEvent('/shop/orders', 'order.cancelled', id, { orderId: id, customer: order.customer, reason }),
    );
  }

  return {
    /**
     * Takes an order as far as the carrier; the shipment is confirmed by message.
     * @param {Order} order
     * @returns {Promise<Order>} the order as it stands then
     * @throws {StepFailure} after everything that had been done was undone
     */
    fill: (order) =>
      inSaga('fill order', sagaOf(order.id), undefined, async () => {
        recordSaga('saga.started', sagaOf(order.id));
        let current = order;
        /** @type {{ shipping?: boolean, payment?: boolean, stock?: boolean }} */
        const done = {};
        try {
          const { amountCents } = await attempt(order.id, 'reserve-stock', () => partners.reserveStock(current));
          done.stock = true;
          current = await moved(store.move(order.id, ['accepted'], 'reserved', { amountCents }));
          const { paymentId } = await attempt(order.id, 'take-payment', () => partners.takePayment(current));
          done.payment = true;
          current = await moved(store.move(order.id, ['reserved'], 'paid', { paymentId }));
          // The carrier may confirm before this process has seen its reply.
          current = await moved(store.move(order.id, ['paid'], 'shipping'));
          // A carrier that does not answer may have taken the parcel all the same.
          done.shipping = true;
          await attempt(order.id, 'book-shipping', (number) => partners.bookShipping(current, number), {
            answeredLater: true,
          });
          return current;
        } catch (error) {
          await rollBack(current, done, error instanceof Error ? error.message : String(error));
          throw error;
        }
      }),

    /**
     * The carrier confirmed: the order is complete. Told twice, it is complete once.
     * @param {string} orderId
     * @param {number} attempt the one that the carrier took
     */
    async shipmentBooked(orderId, attempt) {
      const order = await store.move(orderId, ['shipping'], 'completed');
      if (!order) return;
      const saga = sagaOf(orderId);
      await inSaga('complete order', saga, undefined, async () => {
        recordStep(
          'saga.step.succeeded',
          saga,
          { name: 'book-shipping', index: 2, kind: 'action', attempt },
          { 'saga.step.outcome': 'succeeded' },
        );
        recordSaga('saga.completed', saga);
        log.info({ orderId, amountCents: order.amount_cents }, 'order completed');
        await bus.publish(
          topics.orderCompleted,
          cloudEvent('/shop/orders', 'order.completed', orderId, {
            orderId,
            customer: order.customer,
            amountCents: order.amount_cents,
          }),
        );
      });
    },

    /**
     * An order that nothing was heard of for too long is rolled back.
     * @param {Order} order
     */
    giveUp: (order) =>
      inSaga('give up waiting', sagaOf(order.id), undefined, () =>
        rollBack(
          order,
          {
            stock: order.state !== 'accepted',
            payment: order.payment_id !== null,
            shipping: order.state === 'shipping',
          },
          'the shipment was never confirmed',
        ),
      ),
  };
}

/**
 * @param {Promise<import('./order-store.mjs').Order | undefined>} moving
 * @returns {Promise<import('./order-store.mjs').Order>}
 */
async function moved(moving) {
  const order = await moving;
  if (!order) throw new StepFailure('somebody else has moved the order', 'technical');
  return order;
}

/** @param {unknown} error */
function failureAttributes(error) {
  return {
    'saga.step.outcome': 'failed',
    'saga.step.failure.kind': error instanceof StepFailure ? error.kind : 'technical',
    'exception.message': error instanceof Error ? error.message : String(error),
  };
}
