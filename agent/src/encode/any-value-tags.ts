/** Tags (`field << 3 | wire type`) of `KeyValue`, … */
export const KEY = 10;
export const VALUE = 18;

/** … of `AnyValue`, … */
export const STRING_VALUE = 10;
export const BOOL_VALUE = 16;
export const INT_VALUE = 24;
export const DOUBLE_VALUE = 33;
export const ARRAY_VALUE = 42;
export const MAP_VALUE = 50;
export const BYTES_VALUE = 58;

/** … and of what `ArrayValue` and `KeyValueList` hold. */
export const ITEM = 10;
