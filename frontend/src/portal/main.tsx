/** Starts the portal in the browser: the session, the routes. */
import { lazy, Suspense } from 'react';
import { createBrowserRouter } from 'react-router';
import { start } from '../start';
import { App } from './App';
import { FlowScreen } from './FlowScreen';

const RunsScreen = lazy(() => import('./RunsScreen'));
const RunScreen = lazy(() => import('./RunScreen'));

function loaded(screen: React.JSX.Element): React.JSX.Element {
  return <Suspense fallback={null}>{screen}</Suspense>;
}

start(
  createBrowserRouter([
    {
      element: <App />,
      children: [
        { path: '/_runs', element: loaded(<RunsScreen />) },
        { path: '/_runs/:id', element: loaded(<RunScreen />) },
        { path: '/*', element: <FlowScreen /> },
      ],
    },
  ]),
);
