/** Starts the portal in the browser: the session, the routes. */
import { lazy, Suspense } from 'react';
import { createBrowserRouter } from 'react-router';
import { start } from '../start';
import { App } from './App';
import { FlowScreen } from './FlowScreen';

const RunsScreen = lazy(() => import('./RunsScreen'));

start(
  createBrowserRouter([
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
  ]),
);
