import { request } from 'undici';
import { serveCalls } from './serving-calls.js';

serveCalls(async (url, headers) => {
  const answer = await request(url, { headers });
  await answer.body.text();
  return answer.statusCode;
});
