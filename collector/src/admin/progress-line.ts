/** One line on a terminal that is written over; elsewhere a line now and then. */
export function progressLine(stream: NodeJS.WriteStream): { show(text: string): void; end(): void } {
  let toldMs = 0;
  return {
    show(text) {
      if (stream.isTTY) stream.write(`\r\u001b[K${text}`);
      else if (Date.now() - toldMs > 1000) {
        toldMs = Date.now();
        stream.write(`${text}\n`);
      }
    },
    end() {
      if (stream.isTTY) stream.write('\r\u001b[K');
    },
  };
}
