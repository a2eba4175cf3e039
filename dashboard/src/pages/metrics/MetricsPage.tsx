import { Page } from '../../ui/Page.js';

export function MetricsPage() {
  return <Page title="MetricsPage">soon</Page>;
}
