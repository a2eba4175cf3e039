import { useRouter } from '@tanstack/react-router';
import { type ComponentProps, forwardRef, type MouseEvent } from 'react';
import { useDoor } from '../time/use-address.js';

export interface DoorProps extends Omit<ComponentProps<'a'>, 'href' | 'ref'> {
  /** Path within the dashboard; may bring parameters of its own. */
  to: string;
  search?: Record<string, string | undefined>;
}

/** A link that keeps time, environment and traffic. */
export const Door = forwardRef<HTMLAnchorElement, DoorProps>(function Door({ to, search, onClick, ...rest }, ref) {
  const router = useRouter();
  const href = useDoor()(to, search);
  const open = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    router.history.push(href);
  };
  return <a {...rest} ref={ref} href={href} onClick={open} />;
});

/** An address from the telemetry or a file: within the dashboard a door, a web address in a new tab, else only text. */
export function OutsideDoor({ href, children }: { href: string; children: React.ReactNode }) {
  // What the API itself serves (a screenshot) is no page of ours.
  if (href.startsWith('/api/')) {
    return (
      <a href={href} target="_blank" rel="noreferrer noopener">
        {children}
      </a>
    );
  }
  if (href.startsWith('/') && !href.startsWith('//')) return <Door to={href}>{children}</Door>;
  if (/^https?:\/\//i.test(href)) {
    return (
      <a href={href} target="_blank" rel="noreferrer noopener">
        {children}
      </a>
    );
  }
  return <span>{children}</span>;
}
