import { Page } from '../../ui/Page.js';

export function AlertPage() {
  return <Page title="AlertPage">soon</Page>;
}
