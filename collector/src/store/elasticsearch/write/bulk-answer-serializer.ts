import { Serializer } from '@elastic/elasticsearch';

const ALL_WRITTEN = '{"errors":false,"items":[';
const END = ']}';
/** Versions stand in every item or in none; the first item is shorter than this. */
const FIRST_ITEM = 256;

/**
 * The client's JSON, which does not read what it need not: the answer to a bulk request of which every document was
 * written lists the same success thousands of times, and its first member says all of it.
 */
export class BulkAnswerSerializer extends Serializer {
  override deserialize<Answer>(json: string): Answer {
    if (json.startsWith(ALL_WRITTEN) && json.endsWith(END) && !json.slice(0, FIRST_ITEM).includes('"_seq_no"')) {
      return { errors: false } as Answer;
    }
    return super.deserialize(json) as Answer;
  }
}
