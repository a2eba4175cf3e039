import { Page } from '../../ui/Page.js';

export function TracePage() {
  return <Page title="TracePage">soon</Page>;
}
