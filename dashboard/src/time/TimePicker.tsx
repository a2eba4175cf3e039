import { Popover } from '@mantine/core';
import { ChevronLeft, ChevronRight, Clock, Pause, Play } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button } from '../ui/Button.js';
import { IconButton } from '../ui/IconButton.js';
import { zoneName } from './instant-text.js';
import { isMoving, presets, resolveInstant, shift, widen } from './range.js';
import { localInputText, rangeLabel } from './range-label.js';
import styles from './TimePicker.module.css';
import { usePageTime } from './use-time.js';

/** The range of the whole page, with "live". */
export function TimePicker() {
  const time = usePageTime();
  const [opened, setOpened] = useState(false);
  const moving = isMoving(time.range);
  const choose = (from: string, to: string) => {
    time.setRange({ from, to });
    setOpened(false);
  };
  return (
    <div className={styles.picker} role="group" aria-label="Time range">
      <IconButton label="Earlier" onClick={() => time.setRange(shift(time.range, -1, Date.now()))}>
        <ChevronLeft size={16} />
      </IconButton>
      <Popover opened={opened} onChange={setOpened} position="bottom-end" width={340} transitionProps={{ duration: 0 }}>
        <Popover.Target>
          <Button onClick={() => setOpened(!opened)} title={`Times are local: ${zoneName()}`}>
            <Clock size={14} aria-hidden="true" />
            {rangeLabel(time.range)}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <div className={styles.presets}>
            {presets.map((preset) => (
              <button
                key={preset.from}
                type="button"
                aria-current={time.range.from === preset.from && moving}
                onClick={() => choose(preset.from, 'now')}
              >
                {preset.label}
              </button>
            ))}
          </div>
          <CustomRange fromMs={time.fromMs} toMs={time.toMs} onChoose={choose} />
          <div className={styles.foot}>
            <span>{zoneName()}</span>
            <button type="button" onClick={() => time.setRange(widen(time.range, Date.now()))}>
              Zoom out
            </button>
          </div>
        </Popover.Dropdown>
      </Popover>
      <IconButton
        label="Later"
        disabled={moving}
        onClick={() => {
          const later = shift(time.range, 1, Date.now());
          time.setRange(
            (resolveInstant(later.to, Date.now()) ?? 0) >= Date.now() ? { from: time.range.from, to: 'now' } : later,
          );
        }}
      >
        <ChevronRight size={16} />
      </IconButton>
      {moving ? (
        <Button
          className={styles.live}
          data-live={time.live || undefined}
          aria-label={time.live ? 'Live: pause' : 'Paused: go live'}
          onClick={() => time.setPaused(time.live)}
        >
          {time.live ? <Pause size={13} aria-hidden="true" /> : <Play size={13} aria-hidden="true" />}
          {time.live ? 'Live' : 'Paused'}
        </Button>
      ) : (
        <Button onClick={() => time.setRange({ from: 'now-15m', to: 'now' })}>
          <Play size={13} aria-hidden="true" />
          Go live
        </Button>
      )}
    </div>
  );
}

function CustomRange(props: { fromMs: number; toMs: number; onChoose: (from: string, to: string) => void }) {
  const [from, setFrom] = useState(() => localInputText(props.fromMs));
  const [to, setTo] = useState(() => localInputText(props.toMs));
  const fromMs = Date.parse(from);
  const toMs = Date.parse(to);
  const valid = fromMs < toMs;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (valid) props.onChoose(String(fromMs), String(toMs));
  };
  return (
    <form className={styles.custom} onSubmit={submit}>
      <label>
        From
        <input type="datetime-local" step="1" value={from} onChange={(event) => setFrom(event.target.value)} />
      </label>
      <label>
        To
        <input type="datetime-local" step="1" value={to} onChange={(event) => setTo(event.target.value)} />
      </label>
      <Button type="submit" look="primary" disabled={!valid}>
        Show
      </Button>
    </form>
  );
}
