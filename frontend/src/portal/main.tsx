/** Starts the portal in the browser: styles with the page's nonce, the session, the routes. */
import {
  createDOMRenderer,
  FluentProvider,
  RendererProvider,
  webDarkTheme,
  webLightTheme,
} from '@fluentui/react-components';
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { App } from './App';
import '../base.css';
import { FlowScreen } from './FlowScreen';
import { ThemeProvider, useTheme } from '../theme';
import { lazy, Suspense } from 'react';

const RunsScreen = lazy(() => import('./RunsScreen'));

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
const renderer = createDOMRenderer(document, { styleElementAttributes: { nonce } });

const router = createBrowserRouter([
  {
    element: <App />,
    children: [
      {
        path: '/_runs',
        element: (
          <Suspense fallback={null}>
            <RunsScreen />
          </Suspense>
        ),
      },
      { path: '/*', element: <FlowScreen /> },
    ],
  },
]);

function Root(): React.JSX.Element {
  const { dark } = useTheme();
  useEffect(() => {
    document.documentElement.dataset.colorScheme = dark ? 'dark' : 'light';
    document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
  }, [dark]);
  return (
    <FluentProvider theme={dark ? webDarkTheme : webLightTheme}>
      <RouterProvider router={router} />
    </FluentProvider>
  );
}

createRoot(document.getElementById('root')!).render(
  <RendererProvider renderer={renderer} targetDocument={document}>
    <ThemeProvider>
      <Root />
    </ThemeProvider>
  </RendererProvider>,
);
