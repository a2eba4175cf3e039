import { Page } from '../../ui/Page.js';

export function ChecksPage() {
  return <Page title="ChecksPage">soon</Page>;
}
