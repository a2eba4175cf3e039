import { Page } from '../../ui/Page.js';

export function TracesPage() {
  return <Page title="TracesPage">soon</Page>;
}
