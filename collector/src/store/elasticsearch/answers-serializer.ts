import { Serializer } from '@elastic/elasticsearch';
import { readWritten } from './write/written-documents.js';

/** JSON as the client reads it, but for answers to `_bulk` in which every document was written: {@link WrittenDocuments}. */
export class AnswersSerializer extends Serializer {
  override deserialize<T = unknown>(json: string): T {
    return (readWritten(json) as T | null) ?? super.deserialize<T>(json);
  }
}
