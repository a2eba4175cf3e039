import { Page } from '../../ui/Page.js';

export function AlertsPage() {
  return <Page title="AlertsPage">soon</Page>;
}
