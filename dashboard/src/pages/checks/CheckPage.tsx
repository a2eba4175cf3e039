import { Page } from '../../ui/Page.js';

export function CheckPage() {
  return <Page title="CheckPage">soon</Page>;
}
