import type { SyntheticTraffic } from '../../../api/contract/index.js';
import type { Query } from './search.js';

/** What is asked beside the filter, as filters of their own. */
export function environmentQueries(environment: string): Query[] {
  return environment === '' ? [] : [{ term: { environment } }];
}

/** Documents of items carry `synthetic` only when it is true, merged ones always. */
export function syntheticQueries(synthetic: SyntheticTraffic): Query[] {
  if (synthetic === 'include') return [];
  if (synthetic === 'only') return [{ term: { synthetic: true } }];
  return [{ bool: { must_not: [{ term: { synthetic: true } }] } }];
}
