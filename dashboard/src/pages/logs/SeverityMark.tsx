import type { Severity } from '@orrery/collector/api';
import { ToneMark } from '../../ui/Tone.js';
import { severityTone } from './severity-look.js';

export function SeverityMark({ severity }: { severity: Severity }) {
  const tone = severityTone(severity);
  return (
    <ToneMark tone={tone} shape={tone === 'bad' ? 'alert' : tone === 'warn' ? 'warning' : 'dash'} quiet>
      {severity === 'unspecified' ? 'none' : severity}
    </ToneMark>
  );
}
