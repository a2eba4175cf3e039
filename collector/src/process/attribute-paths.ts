import { Signal } from '../log/log-record.js';

/**
 * Where attributes are in a message: `attributes` is the field of its `KeyValue`s, `texts` its own text fields,
 * `children` the fields that hold messages with such fields. Numbers are those of the OTLP definitions.
 */
export interface AttributePath {
  attributes: number | null;
  /** Field of an `AnyValue` that is no attribute: the body of a log record. */
  value: number | null;
  texts: readonly number[];
  children: ReadonlyMap<number, AttributePath>;
}

interface Parts {
  attributes?: number;
  value?: number;
  texts?: readonly number[];
  children?: Record<number, AttributePath>;
}

function path({ attributes, value, texts = [], children = {} }: Parts): AttributePath {
  return {
    attributes: attributes ?? null,
    value: value ?? null,
    texts,
    children: new Map(Object.entries(children).map(([field, child]) => [Number(field), child])),
  };
}

const resource = path({ attributes: 1 });
const scope = path({ attributes: 3, texts: [1, 2] });
const exemplar = path({ attributes: 7 });

/** Resources (1) of scopes (2) of items (2), named and numbered alike in all three signals. */
function request(item: AttributePath): AttributePath {
  const scopeItems = path({ children: { 1: scope, 2: item } });
  return path({ children: { 1: path({ children: { 1: resource, 2: scopeItems } }) } });
}

function points(attributes: number, exemplars?: number): AttributePath {
  const point =
    exemplars === undefined ? path({ attributes }) : path({ attributes, children: { [exemplars]: exemplar } });
  return path({ children: { 1: point } });
}

const span = path({
  attributes: 9,
  texts: [3, 5],
  children: {
    11: path({ attributes: 3, texts: [2] }),
    13: path({ attributes: 4, texts: [3] }),
    15: path({ texts: [2] }),
  },
});
const logRecord = path({ attributes: 6, value: 5, texts: [3, 12] });
const metric = path({
  attributes: 12,
  texts: [1, 2, 3],
  children: { 5: points(7, 5), 7: points(7, 5), 9: points(9, 8), 10: points(1, 11), 11: points(7) },
});

/** By signal, from the request down. */
export const ATTRIBUTE_PATHS: Readonly<Record<Signal, AttributePath>> = {
  [Signal.traces]: request(span),
  [Signal.logs]: request(logRecord),
  [Signal.metrics]: request(metric),
};
