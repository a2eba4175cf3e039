import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { cloudEvent } from '../../messages/cloud-event.mjs';
import { topics } from '../../messages/topics.mjs';

interface Bus {
  publish(topic: string, event: ReturnType<typeof cloudEvent>): Promise<unknown>;
}

/** Takes parcels, and says by message when one is on its way. */
export class Carrier {
  readonly #bus: Bus;
  readonly #log: FastifyBaseLogger;
  readonly #requested = new Set<string>();
  readonly #cancelled = new Set<string>();
  #answerDelayMs = 0;
  #losesParcels = false;

  constructor(bus: Bus, log: FastifyBaseLogger) {
    this.#bus = bus;
    this.#log = log;
  }

  /** Changes what is named and leaves the rest. */
  behave({ answerDelayMs, losesParcels }: { answerDelayMs?: number; losesParcels?: boolean }): void {
    this.#answerDelayMs = answerDelayMs ?? this.#answerDelayMs;
    this.#losesParcels = losesParcels ?? this.#losesParcels;
  }

  /** Resolves when the carrier has taken the parcel; the booking itself follows as a message. Asked twice, it books once. */
  async book(orderId: string, attempt: number): Promise<void> {
    if (this.#answerDelayMs > 0) {
      this.#log.warn({ orderId }, 'the carrier is slow today');
      await delay(this.#answerDelayMs);
    }
    if (this.#requested.has(orderId) || this.#cancelled.has(orderId)) return;
    this.#requested.add(orderId);
    this.#log.info({ orderId }, 'parcel handed to the carrier');
    if (this.#losesParcels) return;
    void this.#confirm(orderId, attempt);
  }

  cancel(orderId: string): void {
    this.#requested.delete(orderId);
    // A slow request for the same parcel may still be on its way through the queue.
    this.#cancelled.add(orderId);
    setTimeout(() => this.#cancelled.delete(orderId), 60_000).unref();
    this.#log.info({ orderId }, 'shipment cancelled');
  }

  async #confirm(orderId: string, attempt: number): Promise<void> {
    await delay(150 + Math.random() * 450);
    if (!this.#requested.delete(orderId)) return;
    const trackingId = `tr-${orderId.slice(2)}`;
    await this.#bus.publish(
      topics.shipmentBooked,
      cloudEvent('/shop/shipping', 'shipment.booked', orderId, { orderId, trackingId, attempt }),
    );
    this.#log.info({ orderId, trackingId }, 'shipment booked');
  }
}
