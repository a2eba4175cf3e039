import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { DecodeError } from '../../src/decode/decode-error.js';
import { decodeLogs } from '../../src/decode/decode-logs.js';
import { decodeMetrics } from '../../src/decode/decode-metrics.js';
import { decodeTraces } from '../../src/decode/decode-traces.js';
import { ingestConfig } from '../../src/ingest/ingest-config.js';
import { newCounts } from '../../src/ingest/ingest-figures.js';
import { createIntake } from '../../src/ingest/take.js';
import { BodyEncoding, type LogPosition, type LogRecord, Signal } from '../../src/log/log-record.js';
import type { AppendRequest } from '../../src/log/log-writer.js';
import { createProcessor } from '../../src/process/process-body.js';
import { receiveBulk } from '../../src/receive/bulk/receive-bulk.js';
import { ByteBudget } from '../../src/receive/byte-budget.js';
import type { Intake, Receipt } from '../../src/receive/intake.js';
import { JsonFault } from '../../src/receive/json/json-error.js';
import { OTLP_ROUTES, receiveOtlp } from '../../src/receive/otlp/receive-otlp.js';
import { Refusal } from '../../src/receive/refusal.js';
import { AttributeKeys } from '../../src/store/elasticsearch/write/attribute-keys.js';
import { DocumentBatch } from '../../src/store/elasticsearch/write/document-batch.js';
import { targetIndex } from '../../src/store/elasticsearch/write/item-context.js';
import { createReadRecord } from '../../src/store/elasticsearch/write/record-documents.js';
import type { FuzzCase } from './fuzz-case.js';

/** What became of a case: the status it was answered with, and what of it would be in the log. */
export interface Outcome {
  status: number;
  records: LogRecord[];
  accepted: number;
}

const FRAME_BYTES = 48;
const BULK_BYTES = 8 << 20;

/**
 * The intake without sockets and disk: receive, decode, process; then what the stores make of a record, up to the point
 * where they would write. Every step is the program's own.
 */
export class InProcessChain {
  private readonly config = ingestConfig.parse({});
  private readonly budget = new ByteBudget(this.config.max_in_flight_bytes);
  private readonly intake: Intake;
  private appended: LogRecord[] = [];
  private receipts: Receipt[] = [];
  private position = 0;
  private readonly readRecord = createReadRecord('log');

  constructor() {
    const processor = createProcessor({
      redact: true,
      redactKeys: [],
      maxAttributeBytes: this.config.max_attribute_bytes,
      maxLogBodyBytes: this.config.max_log_body_bytes,
    });
    const log = {
      append: (request: AppendRequest) => Promise.resolve(this.append(request)),
      close: () => Promise.resolve(),
    };
    const intake = createIntake(log, processor, newCounts());
    this.intake = {
      take: async (delivery) => {
        const receipt = await intake.take(delivery);
        this.receipts.push(receipt);
        return receipt;
      },
    };
  }

  /**
   * Hands the case in and checks everything that was acknowledged.
   * @throws Error when something else came out than an answer, or what was acknowledged can not be stored.
   */
  async take(given: FuzzCase): Promise<Outcome> {
    this.appended = [];
    this.receipts = [];
    const status = await this.answer(given);
    const accepted = this.receipts.reduce((sum, receipt) => sum + receipt.accepted, 0);
    let stored = 0;
    for (const record of this.appended) stored += itemsOf(record);
    if (stored !== accepted) throw new Error(`${accepted} items were acknowledged, and ${stored} are in the log`);
    for (const record of this.appended) this.checkDocuments(record);
    return { status, records: this.appended, accepted };
  }

  private async answer({ path, headers, body }: FuzzCase): Promise<number> {
    const { limits } = this;
    const request = Object.assign(Readable.from([body]), { headers, method: 'POST', url: path }) as unknown;
    const lease = this.budget.lease();
    try {
      const route = OTLP_ROUTES.get(path);
      if (route !== undefined) await receiveOtlp(request as IncomingMessage, route, this.intake, limits, lease);
      else await receiveBulk(request as IncomingMessage, '', this.intake, limits, lease);
      return 200;
    } catch (error) {
      if (error instanceof Refusal) return error.status;
      if (error instanceof DecodeError || error instanceof JsonFault) return 400;
      throw error;
    } finally {
      lease.end();
    }
  }

  private get limits() {
    const { max_body_bytes, max_inflated_bytes, max_json_bytes } = this.config;
    return { maxBytes: max_body_bytes, maxInflatedBytes: max_inflated_bytes, maxJsonBytes: max_json_bytes };
  }

  private append(request: AppendRequest): { duplicate: boolean } {
    const position = this.position as LogPosition;
    const next = (position + request.body.length + FRAME_BYTES) as LogPosition;
    this.position = next;
    this.appended.push({ ...request, position, next });
    return { duplicate: false };
  }

  /** Projects the record and writes its Elasticsearch documents, a body after the other; every line has to be JSON. */
  private checkDocuments(record: LogRecord): void {
    const target = () => targetIndex('index', new AttributeKeys(1000), new AttributeKeys(1000));
    const { items, addRows } = this.readRecord(record, { spans: target(), logs: target(), metrics: target() }, []);
    const batch = new DocumentBatch();
    for (let row = 0; row < items; ) {
      row = addRows(batch, row, BULK_BYTES);
      const lines = batch.body().toString('utf8').split('\n');
      lines.pop();
      if (lines.length !== batch.count * 2) throw new Error(`${batch.count} documents in ${lines.length} lines`);
      for (const line of lines) JSON.parse(line);
      batch.clear();
    }
  }
}

/** Items of a record as a store would read them. */
function itemsOf({ signal, encoding, body }: LogRecord): number {
  const plain = encoding === BodyEncoding.gzip ? gunzipSync(body) : body;
  if (signal === Signal.traces) return decodeTraces(plain).columns.count;
  if (signal === Signal.logs) return decodeLogs(plain).columns.count;
  return decodeMetrics(plain).columns.points.count;
}
