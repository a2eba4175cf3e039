import { Page } from '../../ui/Page.js';

export function MapPage() {
  return <Page title="MapPage">soon</Page>;
}
