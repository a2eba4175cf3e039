import type { Trace } from '@orrery/collector/api';
import { Cog, Database, Globe, type LucideIcon, Mail, Network, Route, ToggleRight } from 'lucide-react';

type Category = Trace['categories'][number];

const icons: Record<Category, LucideIcon> = {
  http: Globe,
  database: Database,
  messaging: Mail,
  rpc: Network,
  breaker: ToggleRight,
  saga: Route,
  internal: Cog,
};

/** What a span is about. */
export function CategoryIcon({ category }: { category: Category }) {
  const Icon = icons[category];
  return (
    <Icon
      size={13}
      strokeWidth={1.7}
      role="img"
      aria-label={category}
      style={{ flex: 'none', color: 'var(--text-3)' }}
    />
  );
}
