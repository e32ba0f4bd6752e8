/** Shows where a flow stands: a page, an end, a failure, or the way to sign in. */
import {
  Button,
  Link as FluentLink,
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  ProgressBar,
  Spinner,
  Subtitle1,
  Text,
  tokens,
} from '@fluentui/react-components';
import {
  CheckmarkCircle48Regular,
  Dismiss16Regular,
  ErrorCircle48Regular,
  Info48Regular,
} from '@fluentui/react-icons';
import { useEffect } from 'react';
import { Link, useLocation } from 'react-router';
import type { EndStep } from '../api';
import { PageScreen } from './PageScreen';
import { Problem, ProblemBar } from '../components/Problem';
import { useSession } from './session';
import { SignIn, signInUrl } from './SignIn';
import { useFlow } from './useFlow';

const useStyles = makeStyles({
  screen: {
    flexGrow: 1,
    minHeight: 0,
    display: 'flex',
    flexDirection: 'column',
    position: 'relative',
    overflow: 'auto',
  },
  progress: { position: 'absolute', insetInline: 0, top: 0, zIndex: 5, overflow: 'hidden' },
  waiting: { flexGrow: 1, display: 'grid', placeItems: 'center' },
  bars: { padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalXXL} 0`, display: 'grid', gap: '8px' },
  end: {
    margin: '12vh auto auto',
    padding: tokens.spacingHorizontalXL,
    maxWidth: '480px',
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    textAlign: 'center',
    gap: tokens.spacingVerticalM,
    overflowWrap: 'anywhere',
  },
  success: { color: tokens.colorStatusSuccessForeground1 },
  info: { color: tokens.colorBrandForeground1 },
  error: { color: tokens.colorStatusDangerForeground1 },
  onward: { color: tokens.colorBrandForegroundLink, fontWeight: tokens.fontWeightSemibold },
});

const endIcons = { success: CheckmarkCircle48Regular, info: Info48Regular, error: ErrorCircle48Regular };

function EndMessage({ step }: { step: EndStep }): React.JSX.Element {
  const styles = useStyles();
  const { session } = useSession();
  const tone = step.tone in endIcons ? step.tone : 'info';
  const Icon = endIcons[tone];
  return (
    <div className={styles.end} role={tone === 'error' ? 'alert' : 'status'}>
      <Icon className={styles[tone]} aria-hidden />
      <Subtitle1 as="h1">{step.title}</Subtitle1>
      <Text>{step.message}</Text>
      <Link className={styles.onward} to={step.path || session.application.home}>
        <Text as="span">{tone === 'error' ? 'Try again' : `Back to ${step.title}`}</Text>
      </Link>
    </div>
  );
}

export function FlowScreen(): React.JSX.Element {
  const styles = useStyles();
  const flow = useFlow();
  const { session } = useSession();
  const location = useLocation();
  const { shown, loading, failure, notice } = flow;
  const title =
    flow.signIn !== 'no' ? 'Sign in' : shown?.kind === 'page' ? shown.page.title : (shown?.title ?? '');

  useEffect(() => {
    document.title = [title, session.application.title].filter(Boolean).join(' – ');
  }, [title, session.application.title]);

  if (flow.signIn !== 'no') return <div className={styles.screen}><SignIn ended={flow.signIn === 'ended'} /></div>;
  if (flow.problem) {
    return (
      <div className={styles.screen}>
        <Problem error={flow.problem.error} onRetry={flow.problem.retry} />
      </div>
    );
  }
  const elsewhere = shown?.kind === 'page' && shown.path !== location.pathname;
  if (!shown || (loading && (elsewhere || shown.kind === 'end'))) {
    return (
      <div className={styles.waiting} aria-busy="true">
        <Spinner label="Loading…" />
      </div>
    );
  }
  const signInLink =
    failure?.error.status === 401 && session.sign_in[0] ? (
      <FluentLink href={signInUrl(session.sign_in[0].url, location.pathname + location.search)}>Sign in</FluentLink>
    ) : undefined;
  return (
    <div className={styles.screen} aria-busy={loading || flow.busy}>
      {(loading || flow.busy) && (
        <ProgressBar className={styles.progress} thickness="medium" aria-label="Loading" />
      )}
      {(failure || notice) && (
        <div className={styles.bars}>
          {notice && (
            <MessageBar intent="info" layout="multiline">
              <MessageBarBody>{notice}</MessageBarBody>
              <MessageBarActions
                containerAction={
                  <Button
                    aria-label="Dismiss"
                    appearance="transparent"
                    icon={<Dismiss16Regular />}
                    onClick={flow.dismissNotice}
                  />
                }
              />
            </MessageBar>
          )}
          {failure && (
            <ProblemBar
              error={failure.error}
              onRetry={failure.retry}
              onDismiss={flow.dismissFailure}
              action={signInLink}
            />
          )}
        </div>
      )}
      {shown.kind === 'end' ? (
        <EndMessage step={shown} />
      ) : (
        <PageScreen step={shown} busy={flow.busy || loading} exit={flow.exit} />
      )}
    </div>
  );
}
