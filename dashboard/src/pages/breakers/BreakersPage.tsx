import { Page } from '../../ui/Page.js';

export function BreakersPage() {
  return <Page title="BreakersPage">soon</Page>;
}
