/** What stands in a screen's place when it failed. */
import { useRouteError } from 'react-router';
import { Problem } from '../components/Problem';
import { asApiError } from './api';

export function ScreenProblem(): React.JSX.Element {
  const problem = useRouteError();
  return <Problem error={asApiError(problem)} onRetry={() => window.location.reload()} />;
}
