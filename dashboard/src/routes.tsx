import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Crash } from './ui/Crash.js';
import { Frame } from './ui/Frame.js';
import { NotFound } from './ui/NotFound.js';

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound, errorComponent: Crash });

const page = <Path extends string>(path: Path, load: () => Promise<Record<string, unknown>>, name: string) =>
  createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(load as () => Promise<Record<string, never>>, name),
  });

const tree = root.addChildren([
  page('/', () => import('./pages/overview/OverviewPage.js'), 'OverviewPage'),
  page('/map', () => import('./pages/map/MapPage.js'), 'MapPage'),
  page('/services', () => import('./pages/service/ServicesPage.js'), 'ServicesPage'),
  page('/services/$service', () => import('./pages/service/ServicePage.js'), 'ServicePage'),
  page('/traces', () => import('./pages/traces/TracesPage.js'), 'TracesPage'),
  page('/traces/$trace', () => import('./pages/traces/TracePage.js'), 'TracePage'),
  page('/logs', () => import('./pages/logs/LogsPage.js'), 'LogsPage'),
  page('/sagas', () => import('./pages/sagas/SagasPage.js'), 'SagasPage'),
  page('/sagas/$saga', () => import('./pages/sagas/SagaPage.js'), 'SagaPage'),
  page('/breakers', () => import('./pages/breakers/BreakersPage.js'), 'BreakersPage'),
  page('/metrics', () => import('./pages/metrics/MetricsPage.js'), 'MetricsPage'),
  page('/checks', () => import('./pages/checks/ChecksPage.js'), 'ChecksPage'),
  page('/checks/$check', () => import('./pages/checks/CheckPage.js'), 'CheckPage'),
  page('/alerts', () => import('./pages/alerts/AlertsPage.js'), 'AlertsPage'),
  page('/alerts/$alert', () => import('./pages/alerts/AlertPage.js'), 'AlertPage'),
  page('/settings', () => import('./pages/settings/SettingsPage.js'), 'SettingsPage'),
  page('/settings/dead-letters', () => import('./pages/settings/DeadLettersPage.js'), 'DeadLettersPage'),
  page('/welcome', () => import('./pages/overview/WelcomePage.js'), 'WelcomePage'),
]);

/** Parameters are plain text in the address: no JSON, so that a link can be read and typed. */
export function createAppRouter() {
  return createRouter({
    routeTree: tree,
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries(search)) if (value) query.set(name, String(value));
      const text = query.toString();
      return text ? `?${text}` : '';
    },
    scrollRestoration: true,
    defaultPreload: false,
  });
}
