/** Which address shows which screen; a screen's code is loaded when it is first opened. */
import { createBrowserRouter, type RouteObject } from 'react-router';
import { ScreenProblem } from './ScreenProblem';
import { Shell } from './Shell';

type Screen = () => Promise<{ default: () => React.JSX.Element | null }>;

function screen(path: string, load: Screen): RouteObject {
  return {
    path,
    errorElement: <ScreenProblem />,
    hydrateFallbackElement: <></>,
    lazy: async () => ({ Component: (await load()).default }),
  };
}

export const router = createBrowserRouter([
  // In a frame of its own, without the shell.
  screen('/preview/:instance/:step', () => import('./pages/PreviewFrame')),
  {
    element: <Shell />,
    hydrateFallbackElement: <></>,
    children: [
      screen('/', () => import('./overview/Screen')),
      screen('/profiles/:name?', () => import('./profiles/Screen')),
      screen('/secrets', () => import('./profiles/SecretsScreen')),
      screen('/flows/:name?', () => import('./flows/Screen')),
      screen('/requests/:id?', () => import('./requests/Screen')),
      screen('/imports/:name?', () => import('./imports/Screen')),
      screen('/lists/:name?', () => import('./lists/Screen')),
      screen('/pages/:name?', () => import('./pages/Screen')),
      screen('/runs/:id?', () => import('./runs/Screen')),
      screen('/history/:id?', () => import('./history/Screen')),
      screen('/yaml/*', () => import('./yaml/Screen')),
      screen('*', () => import('./overview/Screen')),
    ],
  },
]);
