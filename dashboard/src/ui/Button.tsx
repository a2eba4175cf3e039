import { type ComponentProps, forwardRef } from 'react';
import styles from './Button.module.css';

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'ref'> {
  look?: 'plain' | 'primary';
  active?: boolean;
}

export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  { look = 'plain', active, className, ...rest },
  ref,
) {
  return (
    <button
      ref={ref}
      type="button"
      className={`${styles.button} ${look === 'primary' ? styles.primary : ''} ${className ?? ''}`}
      aria-pressed={active}
      {...rest}
    />
  );
});
