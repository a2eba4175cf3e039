/** JSON that is not the OTLP message it should be. `path` says where, as in `resourceSpans[0].resource`. */
export class JsonFault extends Error {
  readonly code = 'not_decodable';
  readonly retryable = false;

  constructor(fault: string, path = '', cause?: unknown) {
    super(path === '' ? fault : `${path}: ${fault}`, { cause });
    this.name = 'JsonFault';
  }
}
