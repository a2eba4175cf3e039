import { serveCalls } from './serving-calls.js';

serveCalls(async (url, headers) => {
  const answer = await fetch(url, { headers });
  await answer.text();
  return answer.status;
});
