import { Page } from '../../ui/Page.js';

export function SagaPage() {
  return <Page title="SagaPage">soon</Page>;
}
