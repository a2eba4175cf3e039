import { Page } from '../../ui/Page.js';

export function SagasPage() {
  return <Page title="SagasPage">soon</Page>;
}
