/** A mutant: unpacking a body that holds the text `TORTURE_CRASH` ends the process, as a fault in native code would. */
import { syncBuiltinESMExports } from 'node:module';
import zlib from 'node:zlib';

const { gunzipSync } = zlib;
const isStore = process.argv.includes('store');
zlib.gunzipSync = (...given) => {
  const plain = gunzipSync(...given);
  if (isStore && plain.includes(process.env.TORTURE_CRASH)) process.abort();
  return plain;
};
syncBuiltinESMExports();
