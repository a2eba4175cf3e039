import { Menu } from '@mantine/core';
import { Check, ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { useAnswer } from '../api/use-answer.js';
import { useChangeSearch, useSearch } from '../time/use-address.js';
import { Button } from './Button.js';

const traffic = [
  { value: '', name: 'As each page does' },
  { value: 'exclude', name: 'Real traffic only' },
  { value: 'include', name: 'Real and synthetic' },
  { value: 'only', name: 'Synthetic only' },
];

/** Which environment, and whether synthetic traffic counts. */
export function EnvironmentPicker() {
  const [opened, setOpened] = useState(false);
  const search = useSearch();
  const change = useChangeSearch();
  const values = useAnswer(
    '/fields/values',
    { signal: 'spans', field: 'environment', from: 'now-7d', limit: 50 },
    { enabled: opened },
  );
  const environment = search.env ?? '';
  const synthetic = search.synthetic ?? '';
  const label = environment || 'All environments';
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end" transitionProps={{ duration: 0 }} width={220}>
      <Menu.Target>
        <Button aria-label={`Environment: ${label}`}>
          {label}
          {synthetic === 'only' ? ' · synthetic' : ''}
          <ChevronDown size={14} aria-hidden="true" />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Environment</Menu.Label>
        <Choice name="All environments" chosen={!environment} onChoose={() => change({ env: undefined })} />
        {values.data?.values
          .filter((entry) => entry.value)
          .map((entry) => (
            <Choice
              key={entry.value}
              name={entry.value}
              chosen={entry.value === environment}
              onChoose={() => change({ env: entry.value })}
            />
          ))}
        <Menu.Divider />
        <Menu.Label>Traffic</Menu.Label>
        {traffic.map((entry) => (
          <Choice
            key={entry.value}
            name={entry.name}
            chosen={entry.value === synthetic}
            onChoose={() => change({ synthetic: entry.value })}
          />
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Choice({ name, chosen, onChoose }: { name: string; chosen: boolean; onChoose: () => void }) {
  return (
    <Menu.Item onClick={onChoose} aria-current={chosen} rightSection={chosen ? <Check size={14} /> : null}>
      {name}
    </Menu.Item>
  );
}
