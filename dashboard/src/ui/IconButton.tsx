import { Tooltip } from '@mantine/core';
import { type ComponentProps, forwardRef } from 'react';
import styles from './Button.module.css';

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'ref'> {
  /** Read aloud and shown on hover. */
  label: string;
}

export const IconButton = forwardRef<HTMLButtonElement, IconButtonProps>(function IconButton(
  { label, className, ...rest },
  ref,
) {
  return (
    <Tooltip label={label} openDelay={400}>
      <button ref={ref} type="button" aria-label={label} className={`${styles.icon} ${className ?? ''}`} {...rest} />
    </Tooltip>
  );
});
