/** The help of a node type, page type or profile kind, beside the screen. */
import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { Dismiss20Regular } from '@fluentui/react-icons';
import { useShellDialogs } from './dialogs';
import { useModel } from './documents';
import Markdown from './Markdown';

const useStyles = makeStyles({
  panel: {
    width: '340px',
    flexShrink: 0,
    minHeight: 0,
    display: 'flex',
    flexDirection: 'column',
    borderLeft: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
    '@media (max-width: 640px)': { position: 'fixed', inset: '48px 0 0 0', zIndex: 5, width: 'auto' },
  },
  head: { display: 'flex', alignItems: 'center', justifyContent: 'space-between', padding: '8px 8px 8px 16px' },
  body: { overflowY: 'auto', padding: '0 16px 24px' },
});

export default function HelpPanel(): React.JSX.Element | null {
  const styles = useStyles();
  const topic = useShellDialogs(({ help }) => help);
  const kind = useModel(({ catalogue }) =>
    topic ? catalogue?.[topic.about].find(({ type }) => type === topic.type) : undefined,
  );
  if (!topic) return null;
  const close = (): void => useShellDialogs.setState({ help: null });
  return (
    <aside
      className={styles.panel}
      aria-label="Help"
      onKeyDown={(event) => event.key === 'Escape' && close()}
    >
      <div className={styles.head}>
        <Text as="h2" weight="semibold" size={400}>
          {kind?.title ?? topic.type}
        </Text>
        <Button appearance="subtle" icon={<Dismiss20Regular />} aria-label="Close help" onClick={close} />
      </div>
      <div className={styles.body} tabIndex={0} role="region" aria-label={`Help: ${kind?.title ?? topic.type}`}>
        <Markdown text={(kind?.help || kind?.summary || 'There is no help on this.').replace(/^# .*\n/, '')} />
      </div>
    </aside>
  );
}
