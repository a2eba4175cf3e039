import { journey } from '@orrery/synthetic';

export default journey(
  {
    name: 'buy-a-globe',
    title: 'A customer can buy a moon globe on the web page',
    every: '1m',
    timeout: '40s',
    base: '${shop}',
    variables: { shop: 'http://127.0.0.1:17810' },
    owner: 'team-shop',
    severity: 'page',
    runbook: 'https://wiki.example.org/runbooks/shop-orders',
  },
  async ({ page, step, expect, base }) => {
    await step('Open the shop', async () => {
      await page.goto(base);
      await expect(page.getByRole('heading', { name: 'The Orrery Maker' })).toBeVisible();
    });
    await step('Buy a moon globe', async () => {
      await page.getByRole('button', { name: 'Buy Moon globe' }).click();
      await expect(page.getByTestId('order-id')).toHaveText(/^o-/);
    });
    await step('See that it is on its way', async () => {
      await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible({ timeout: 15_000 });
      await expect(page.getByTestId('order-state')).toHaveText('completed');
    });
  },
);
