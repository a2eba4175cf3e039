/** Fields of protobuf messages, for the requests of the load. */
export function nested(writer, field, write) {
  writer.varint((field << 3) | 2);
  const mark = writer.open();
  write();
  writer.close(mark);
}

export function text(writer, field, value) {
  writer.varint((field << 3) | 2);
  writer.text(value);
}

export function bytes(writer, field, value) {
  writer.varint((field << 3) | 2);
  writer.lengthDelimited(value);
}

export function varint(writer, field, value) {
  writer.varint(field << 3);
  writer.varint(value);
}

export function fixed64(writer, field, value) {
  writer.varint((field << 3) | 1);
  writer.fixed64(value);
}

const DOUBLE = new DataView(new ArrayBuffer(8));

export function double(writer, field, value) {
  DOUBLE.setFloat64(0, value);
  fixed64(writer, field, DOUBLE.getBigUint64(0));
}

export function attribute(writer, field, key, value) {
  nested(writer, field, () => {
    text(writer, 1, key);
    nested(writer, 2, () => (typeof value === 'string' ? text(writer, 1, value) : varint(writer, 3, value)));
  });
}

export function resource(writer, number) {
  nested(writer, 1, () => {
    attribute(writer, 1, 'service.name', `service-${number % SERVICES}`);
    attribute(writer, 1, 'service.version', '1.4.2');
    attribute(writer, 1, 'deployment.environment.name', 'production');
  });
}

const SERVICES = 12;
