/** A page of a flow: its heading and buttons, and the view of its type, loaded when first needed. */
import { makeStyles, Spinner, Text, tokens, typographyStyles } from '@fluentui/react-components';
import { Component, lazy, Suspense, useEffect, useMemo, useRef, type ReactNode } from 'react';
import { ApiError, asApiError, type PageStep } from '../api';
import { ActionButton, useConfirmedExits } from '../components/ConfirmedExits';
import { pageActions, type PageTypeModule, type PageViewProps } from '../pageType';
import { narrow, useMedia } from '../useMedia';
import { readDraft } from './drafts';
import { Problem } from '../components/Problem';
import { useSession } from './session';
import { runId } from './useFlow';

const modules = import.meta.glob<PageTypeModule>('../../../src/graphwright/page_types/*/view.tsx');
const loaders = new Map(
  Object.entries(modules).map(([path, load]) => [path.split('/').at(-2) ?? '', load]),
);

type View = React.LazyExoticComponent<React.ComponentType<PageViewProps<never>>>;

const views = new Map<string, View>();

/** The view of a type. It is mounted anew for every step, unless it wants to be kept. */
function viewOf(type: string): View | null {
  const known = views.get(type);
  if (known) return known;
  const load = loaders.get(type);
  if (!load) return null;
  const view = lazy(async () => {
    const { default: Inner, keepAcrossSteps = false } = await load();
    const Mounted = (props: PageViewProps<never>): React.JSX.Element => (
      <Inner key={keepAcrossSteps ? 'kept' : runId(props.address)} {...props} />
    );
    return { default: Mounted };
  });
  views.set(type, view);
  return view;
}

const useStyles = makeStyles({
  page: { flexGrow: 1, minHeight: 0, display: 'flex', flexDirection: 'column' },
  header: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
    padding: `${tokens.spacingVerticalXL} ${tokens.spacingHorizontalXXL} ${tokens.spacingVerticalM}`,
    '@media (max-width: 640px)': { padding: '14px 16px 8px' },
  },
  titles: { flexGrow: 1, minWidth: 0 },
  title: { ...typographyStyles.title3, margin: 0, outlineStyle: 'none', overflowWrap: 'anywhere' },
  description: { color: tokens.colorNeutralForeground2, display: 'block' },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  view: { flexGrow: 1, minHeight: 0, minWidth: 0, display: 'flex', flexDirection: 'column' },
  waiting: { flexGrow: 1, display: 'grid', placeItems: 'center' },
});

class Boundary extends Component<{ children: ReactNode }, { error: ApiError | null }> {
  override state = { error: null };

  static getDerivedStateFromError(reason: unknown): { error: ApiError } {
    return { error: asApiError(reason) };
  }

  override render(): ReactNode {
    if (!this.state.error) return this.props.children;
    return <Problem error={this.state.error} onRetry={() => window.location.reload()} />;
  }
}

export function PageScreen(props: {
  step: PageStep;
  busy: boolean;
  exit: PageViewProps<unknown>['exit'];
}): React.JSX.Element {
  const { step, busy, exit } = props;
  const { page } = step;
  const styles = useStyles();
  const { session } = useSession();
  const isNarrow = useMedia(narrow);
  const { run, dialog } = useConfirmedExits({ address: step, exit });
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  const View = viewOf(page.type);
  const place = `${step.path} ${page.name}`;
  const draft = useMemo(
    () => readDraft(session, step.path, page.name),
    [session, step.path, page.name],
  );

  // A screen reader hears the new page's title; the first page is announced by the browser.
  useEffect(() => {
    if (!first.current && document.activeElement === document.body) heading.current?.focus();
    first.current = false;
  }, [place]);

  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <div className={styles.titles}>
          <h1 ref={heading} tabIndex={-1} className={styles.title}>
            {page.title}
          </h1>
          {page.description && <Text className={styles.description}>{page.description}</Text>}
        </div>
        <div className={styles.actions}>
          {pageActions(page.actions).map((action) => (
            <ActionButton
              key={action.name}
              action={action}
              disabled={busy}
              iconOnly={isNarrow && action.appearance !== 'primary'}
              onRun={(chosen) => void run(chosen)}
            />
          ))}
        </div>
      </header>
      <Boundary key={page.type}>
        <Suspense
          fallback={
            <div className={styles.waiting}>
              <Spinner label="Loading…" />
            </div>
          }
        >
          <div className={styles.view}>
            {View ? (
              <View
                key={place}
                page={page as never}
                address={step}
                busy={busy}
                exit={exit}
                draft={draft}
              />
            ) : (
              <Problem
                error={new ApiError(0, 'pageTypeUnknown', `This portal has no view for pages of type “${page.type}”.`)}
              />
            )}
          </div>
        </Suspense>
      </Boundary>
      {dialog}
    </div>
  );
}
