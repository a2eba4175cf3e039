import { Page } from '../../ui/Page.js';

export function ServicePage() {
  return <Page title="ServicePage">soon</Page>;
}
