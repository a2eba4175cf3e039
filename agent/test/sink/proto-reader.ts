/** One field of a protobuf message: its number, and a number, bytes or bits as the wire type has it. */
export interface Field {
  readonly number: number;
  readonly value: bigint | Buffer;
}

/** Splits a message into its fields. Deliberately nothing of the agent's own encoder. */
export function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) throw new Error('varint ends too early');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (bytes: number): Buffer => {
    if (at + bytes > message.length) throw new Error('field ends too early');
    at += bytes;
    return message.subarray(at - bytes, at);
  };
  while (at < message.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    if ((tag & 7) === 0) fields.push({ number, value: varint() });
    else if ((tag & 7) === 1) fields.push({ number, value: take(8) });
    else if ((tag & 7) === 2) fields.push({ number, value: take(Number(varint())) });
    else if ((tag & 7) === 5) fields.push({ number, value: take(4) });
    else throw new Error(`wire type ${tag & 7} of field ${number}`);
  }
  return fields;
}

export function messages(fields: readonly Field[], number: number): Buffer[] {
  return fields.filter((field) => field.number === number).map(({ value }) => value as Buffer);
}

export function message(fields: readonly Field[], number: number): Buffer {
  return messages(fields, number)[0] ?? Buffer.alloc(0);
}

export function text(fields: readonly Field[], number: number): string {
  return message(fields, number).toString('utf8');
}

export function hex(fields: readonly Field[], number: number): string {
  return message(fields, number).toString('hex');
}

export function integer(fields: readonly Field[], number: number): number {
  const found = fields.find((field) => field.number === number)?.value;
  return typeof found === 'bigint' ? Number(BigInt.asIntN(64, found)) : 0;
}

export function fixed64(fields: readonly Field[], number: number): bigint {
  const bytes = messages(fields, number)[0];
  return bytes === undefined ? 0n : bytes.readBigUInt64LE();
}

export function double(fields: readonly Field[], number: number): number {
  const bytes = messages(fields, number)[0];
  return bytes === undefined ? 0 : bytes.readDoubleLE();
}
