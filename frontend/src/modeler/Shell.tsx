/** The frame of every screen: title bar, navigation, notices, problems, and the dialogs of all screens. */
import { makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Outlet, useLocation } from 'react-router';
import { Problem } from '../components/Problem';
import { useUndo } from './current';
import { useNewQuestion, useShellDialogs } from './dialogs';
import { isDirty, flush, loadModel, useModel } from './documents';
import { Navigation } from './Navigation';
import { Messages, Notices } from './Notices';
import { ProblemsPanel } from './ProblemsPanel';
import { TopBar } from './TopBar';

const NewDialog = lazy(() => import('./NewDialog'));
const RunFlow = lazy(() => import('./flows/RunFlow'));
const SaveDialog = lazy(() => import('./history/SaveDialog'));
const HelpPanel = lazy(() => import('./HelpPanel'));

const phone = '@media (max-width: 640px)';

const useStyles = makeStyles({
  shell: {
    position: 'relative',
    height: '100dvh',
    // What is hidden from the eye far down in a screen must not make the page longer.
    overflow: 'clip',
    display: 'grid',
    gridTemplateColumns: 'auto minmax(0, 1fr)',
    gridTemplateRows: 'auto minmax(0, 1fr) auto',
    gridTemplateAreas: '"bar bar" "rail middle" "rail problems"',
    backgroundColor: tokens.colorNeutralBackground4,
    [phone]: {
      gridTemplateColumns: 'minmax(0, 1fr)',
      gridTemplateRows: 'auto minmax(0, 1fr) auto auto',
      gridTemplateAreas: '"bar" "middle" "problems" "rail"',
    },
  },
  skip: {
    position: 'absolute',
    left: '8px',
    top: '-60px',
    zIndex: 10,
    padding: '8px 16px',
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorBrandForegroundLink,
    ':focus': { top: '8px' },
  },
  middle: { gridArea: 'middle', display: 'flex', minWidth: 0, minHeight: 0 },
  column: {
    flexGrow: 1,
    minWidth: 0,
    minHeight: 0,
    display: 'flex',
    flexDirection: 'column',
    backgroundColor: tokens.colorNeutralBackground1,
    borderTopLeftRadius: tokens.borderRadiusXLarge,
    boxShadow: tokens.shadow2,
    overflow: 'hidden',
    [phone]: { borderTopLeftRadius: 0 },
  },
  main: { flexGrow: 1, minWidth: 0, minHeight: 0, overflow: 'auto', outlineStyle: 'none' },
  wait: { height: '100dvh', display: 'flex', justifyContent: 'center' },
});

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && !!target.closest('input, textarea, [contenteditable="true"]');
}

/** Ctrl+S saves, Ctrl+Z and Ctrl+Y undo and redo; in a text they are the text's own. */
function useShortcuts(): void {
  const { undo, redo } = useUndo();
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.defaultPrevented) return;
      const key = event.key.toLowerCase();
      if (key === 's') {
        event.preventDefault();
        useShellDialogs.setState({ save: true });
      } else if (!isTyping(event.target) && (key === 'z' || key === 'y')) {
        event.preventDefault();
        if (key === 'y' || event.shiftKey) redo();
        else undo();
      }
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, [undo, redo]);
}

/** What is edited reaches the server before the page goes; where it cannot, the browser asks first. */
function useFlushOnLeave(): void {
  useEffect(() => {
    const hidden = (): void => void (document.visibilityState === 'hidden' && flush());
    const leaving = (event: BeforeUnloadEvent): void => {
      if (!Object.values(useModel.getState().open).some(isDirty)) return;
      void flush();
      event.preventDefault();
    };
    document.addEventListener('visibilitychange', hidden);
    window.addEventListener('beforeunload', leaving);
    return () => {
      document.removeEventListener('visibilitychange', hidden);
      window.removeEventListener('beforeunload', leaving);
    };
  }, []);
}

function Frame(): React.JSX.Element {
  const styles = useStyles();
  const { pathname } = useLocation();
  const asking = useNewQuestion(({ question }) => question !== null);
  const { save, help, run } = useShellDialogs();
  const [problemsOpen, setProblemsOpen] = useState(false);
  const title = useModel(({ session }) => session?.title);
  useShortcuts();
  useFlushOnLeave();
  useEffect(() => {
    document.title = title ? `${title} – Modeler` : 'Modeler';
  }, [title]);
  useEffect(() => void flush(), [pathname]);
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        Skip to content
      </a>
      <TopBar />
      <Navigation />
      <div className={styles.middle}>
        <div className={styles.column}>
          <Notices />
          <main id="main" tabIndex={-1} className={styles.main}>
            <Suspense fallback={<Spinner label="Loading" />}>
              <Outlet />
            </Suspense>
          </main>
        </div>
        {help && (
          <Suspense fallback={null}>
            <HelpPanel />
          </Suspense>
        )}
      </div>
      <ProblemsPanel open={problemsOpen} onOpen={setProblemsOpen} />
      <Messages />
      <Suspense fallback={null}>
        {asking && <NewDialog />}
        {save && <SaveDialog />}
        {run && <RunFlow key={run} flow={run} />}
      </Suspense>
    </div>
  );
}

export function Shell(): React.JSX.Element {
  const styles = useStyles();
  const status = useModel((model) => model.status);
  const error = useModel((model) => model.error);
  if (status === 'ready') return <Frame />;
  return (
    <main className={styles.wait}>
      {error ? (
        <Problem error={error} onRetry={() => void loadModel()} />
      ) : (
        <Spinner size="large" label="Opening the application" labelPosition="below" />
      )}
    </main>
  );
}
