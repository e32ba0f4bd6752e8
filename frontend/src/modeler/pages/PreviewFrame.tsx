/**
 * What the preview's frame shows: the portal's own screen of a page. Exits are only told; the step
 * belongs to a preview, and there is no flow behind it.
 */
import { makeStyles, MessageBar, MessageBarBody, Spinner, tokens } from '@fluentui/react-components';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useParams } from 'react-router';
import { type ApiError, asApiError, getStep, type PageStep, type Session } from '../../api';
import { PageScreen } from '../../portal/PageScreen';
import { Problem } from '../../components/Problem';
import { SessionContext } from '../../portal/session';

const useStyles = makeStyles({
  // As tall as the frame: a calendar and a reading pane fill what there is.
  frame: {
    height: '100dvh',
    display: 'flex',
    flexDirection: 'column',
    overflow: 'auto',
    backgroundColor: tokens.colorNeutralBackground1,
  },
});

const nobody: Session = {
  signed_in: false,
  user: null,
  application: { title: '', navigation: [], home: '/' },
  csrf_token: '',
  sign_in: [],
  may_see_runs: false,
  modeler: false,
};

export default function PreviewFrame(): React.JSX.Element {
  const styles = useStyles();
  const { instance = '', step: number = '' } = useParams();
  const [step, setStep] = useState<PageStep | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [taken, setTaken] = useState<string | null>(null);
  const session = useMemo(() => ({ session: nobody, refresh: () => Promise.resolve(nobody) }), []);
  useEffect(() => {
    const controller = new AbortController();
    getStep({ instance, step: number }, controller.signal)
      .then((found) => {
        if (found.kind === 'page') setStep(found);
      })
      .catch((reason: unknown) => {
        if (!controller.signal.aborted) setError(asApiError(reason));
      });
    return () => controller.abort();
  }, [instance, number]);
  const exit = useCallback((name: string) => {
    setTaken(name);
    return Promise.resolve(null);
  }, []);
  if (error) return <Problem error={error} />;
  if (!step) return <Spinner label="Loading…" />;
  return (
    <SessionContext value={session}>
      <main className={styles.frame} aria-label="Page">
        {taken && (
          <MessageBar>
            <MessageBarBody>This leaves the page by the exit “{taken}”.</MessageBarBody>
          </MessageBar>
        )}
        {step.notice && (
          <MessageBar intent="info" layout="multiline">
            <MessageBarBody>{step.notice}</MessageBarBody>
          </MessageBar>
        )}
        <PageScreen step={step} busy={false} exit={exit} />
      </main>
    </SessionContext>
  );
}
