import {
  Activity,
  Bell,
  ChartLine,
  CircleCheck,
  LayoutDashboard,
  type LucideIcon,
  Route,
  ScrollText,
  Server,
  Settings,
  ToggleRight,
  Waypoints,
} from 'lucide-react';

export interface Place {
  path: string;
  name: string;
  /** After `g`. */
  letter: string;
  icon: LucideIcon;
  /** The question this page answers. */
  question: string;
}

/** The rail, top to bottom. */
export const places: readonly Place[] = [
  {
    path: '/',
    name: 'Overview',
    letter: 'o',
    icon: LayoutDashboard,
    question: 'Is the business doing what we expect?',
  },
  { path: '/map', name: 'Map', letter: 'm', icon: Waypoints, question: 'Who depends on whom, and where does it hurt?' },
  { path: '/services', name: 'Services', letter: 'v', icon: Server, question: 'How is each service doing?' },
  { path: '/traces', name: 'Traces', letter: 't', icon: Activity, question: 'Find the one that matters.' },
  { path: '/logs', name: 'Logs', letter: 'l', icon: ScrollText, question: 'What did they say?' },
  {
    path: '/sagas',
    name: 'Sagas',
    letter: 's',
    icon: Route,
    question: 'Which business transactions are stuck or half undone?',
  },
  { path: '/breakers', name: 'Breakers', letter: 'b', icon: ToggleRight, question: 'What is protecting us right now?' },
  { path: '/metrics', name: 'Metrics', letter: 'e', icon: ChartLine, question: 'How much, and since when?' },
  { path: '/checks', name: 'Checks', letter: 'c', icon: CircleCheck, question: 'Would a customer succeed?' },
  { path: '/alerts', name: 'Alerts', letter: 'a', icon: Bell, question: 'What woke me, and what do I do?' },
  { path: '/settings', name: 'System', letter: 'y', icon: Settings, question: 'What comes in, and is it well?' },
];

/** The place an address belongs to. */
export function placeOf(pathname: string): Place | undefined {
  return (
    places.find((place) => place.path !== '/' && (pathname === place.path || pathname.startsWith(`${place.path}/`))) ??
    (pathname === '/' ? places[0] : undefined)
  );
}
