import { Menu, useMantineColorScheme } from '@mantine/core';
import { Monitor, Moon, Sun } from 'lucide-react';
import { IconButton } from './IconButton.js';

const choices = [
  { value: 'auto', name: 'As the system', icon: Monitor },
  { value: 'light', name: 'Light', icon: Sun },
  { value: 'dark', name: 'Dark', icon: Moon },
] as const;

export function ColorSchemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Icon = choices.find((choice) => choice.value === colorScheme)?.icon ?? Monitor;
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <IconButton label="Light or dark">
          <Icon size={16} strokeWidth={1.7} />
        </IconButton>
      </Menu.Target>
      <Menu.Dropdown>
        {choices.map((choice) => (
          <Menu.Item
            key={choice.value}
            onClick={() => setColorScheme(choice.value)}
            leftSection={<choice.icon size={14} />}
            aria-current={choice.value === colorScheme}
          >
            {choice.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
