import { useAnswer } from '../../api/use-answer.js';
import { Answered } from '../../ui/Answered.js';
import { Welcome } from './Welcome.js';

/** The ways in, also after the first minute. */
export function WelcomePage() {
  const status = useAnswer('/status', {}, { refresh: 2_000 });
  return (
    <Answered answer={status} what="The addresses of this collector">
      {(data) => <Welcome status={data} />}
    </Answered>
  );
}
