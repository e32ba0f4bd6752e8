/** The bar at the top: whose application, how far its draft is, and what can be done with all of it. */
import {
  Button,
  CounterBadge,
  makeStyles,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  mergeClasses,
  Spinner,
  Text,
  tokens,
  Toolbar,
  ToolbarButton,
  ToolbarDivider,
  Tooltip,
} from '@fluentui/react-components';
import {
  ArrowRedo20Regular,
  ArrowUndo20Regular,
  Checkmark16Regular,
  CloudOff16Regular,
  ErrorCircle16Regular,
  History20Regular,
  Key20Regular,
  MoreHorizontal20Regular,
  Edit16Regular,
  Play20Regular,
  Save20Regular,
  Warning16Regular,
} from '@fluentui/react-icons';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import icon from '../portal/icon.svg';
import { type ThemeChoice, useTheme } from '../theme';
import { useMedia } from '../useMedia';
import { type DraftState, useCurrentDocuments, useDraftState, useUndo } from './current';
import { useShellDialogs } from './dialogs';
import { useModel } from './documents';
import { runDraft } from './run';

const phone = '@media (max-width: 640px)';

const useStyles = makeStyles({
  bar: {
    gridArea: 'bar',
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    height: '48px',
    paddingInline: '16px 12px',
    minWidth: 0,
    [phone]: { paddingInline: '12px 4px', gap: '4px' },
  },
  title: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalMNudge,
    minWidth: 0,
    color: tokens.colorNeutralForeground1,
    textDecorationLine: 'none',
    borderRadius: tokens.borderRadiusMedium,
  },
  mark: { width: '26px', height: '26px', flexShrink: 0 },
  state: {
    display: 'flex',
    alignItems: 'center',
    gap: '6px',
    flexShrink: 0,
    whiteSpace: 'nowrap',
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
  },
  bad: { color: tokens.colorPaletteRedForeground1 },
  warn: { color: tokens.colorPaletteDarkOrangeForeground1 },
  grow: { flexGrow: 1 },
  tools: { padding: 0, gap: '2px', flexShrink: 0 },
  save: { position: 'relative' },
  counter: { marginLeft: '6px' },
});

const states: { [state in DraftState]: { text: string; icon: React.JSX.Element; tone?: 'bad' | 'warn' } } = {
  saved: { text: 'Saved', icon: <Checkmark16Regular /> },
  changed: { text: 'Unsaved changes', icon: <Edit16Regular /> },
  saving: { text: 'Keeping your edits…', icon: <Spinner size="extra-tiny" aria-hidden /> },
  conflict: { text: 'Changed elsewhere', icon: <Warning16Regular />, tone: 'warn' },
  failed: { text: 'An edit was not taken', icon: <ErrorCircle16Regular />, tone: 'bad' },
  offline: { text: 'Offline, edits are kept here', icon: <CloudOff16Regular />, tone: 'bad' },
};

function DraftMark(): React.JSX.Element {
  const styles = useStyles();
  const { state } = useDraftState();
  const compact = useMedia('(max-width: 640px)');
  const { text, icon: mark, tone } = states[state];
  return (
    <Tooltip content={text} relationship="label" visible={compact ? undefined : false}>
      <span role="status" className={mergeClasses(styles.state, tone && styles[tone])}>
        {mark}
        {!compact && text}
      </span>
    </Tooltip>
  );
}

function MoreMenu(): React.JSX.Element {
  const theme = useTheme();
  const navigate = useNavigate();
  return (
    <Menu
      checkedValues={{ theme: [theme.choice] }}
      onCheckedValueChange={(_, data) => theme.choose((data.checkedItems[0] ?? 'system') as ThemeChoice)}
    >
      <MenuTrigger disableButtonEnhancement>
        <ToolbarButton aria-label="More" icon={<MoreHorizontal20Regular />} />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem icon={<History20Regular />} onClick={() => void navigate('/history')}>
            History of saves
          </MenuItem>
          <MenuItem icon={<Key20Regular />} onClick={() => void navigate('/secrets')}>
            Secrets and settings
          </MenuItem>
          <MenuDivider />
          <MenuGroup>
            <MenuGroupHeader>Theme</MenuGroupHeader>
            <MenuItemRadio name="theme" value="system">As the system</MenuItemRadio>
            <MenuItemRadio name="theme" value="light">Light</MenuItemRadio>
            <MenuItemRadio name="theme" value="dark">Dark</MenuItemRadio>
          </MenuGroup>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function Tools(): React.JSX.Element {
  const styles = useStyles();
  const { canUndo, canRedo, undo, redo } = useUndo();
  const { changed } = useDraftState();
  const [current] = useCurrentDocuments();
  const empty = useModel(({ session }) => session?.is_empty ?? false);
  const compact = useMedia('(max-width: 640px)');
  const [starting, setStarting] = useState(false);
  const run = async (): Promise<void> => {
    setStarting(true);
    await runDraft(current);
    setStarting(false);
  };
  return (
    <Toolbar aria-label="Application" className={styles.tools}>
      <Tooltip content="Undo (Ctrl+Z)" relationship="label">
        <ToolbarButton icon={<ArrowUndo20Regular />} disabled={!canUndo} onClick={undo} />
      </Tooltip>
      <Tooltip content="Redo (Ctrl+Y)" relationship="label">
        <ToolbarButton icon={<ArrowRedo20Regular />} disabled={!canRedo} onClick={redo} />
      </Tooltip>
      {!compact && <ToolbarDivider />}
      <Tooltip
        content={`Write the draft into the folder (Ctrl+S): ${changed} ${changed === 1 ? 'file' : 'files'} changed`}
        relationship="description"
      >
        <Button
          appearance="subtle"
          icon={<Save20Regular />}
          disabled={empty}
          aria-label={compact ? 'Save' : undefined}
          onClick={() => useShellDialogs.setState({ save: true })}
        >
          {!compact && 'Save'}
          {changed > 0 && !compact && (
            <CounterBadge className={styles.counter} count={changed} size="small" color="brand" aria-hidden />
          )}
        </Button>
      </Tooltip>
      <Tooltip content="Open the draft in the portal" relationship="description">
        <Button
          appearance="primary"
          icon={starting ? <Spinner size="tiny" aria-hidden /> : <Play20Regular />}
          disabled={empty} disabledFocusable={starting}
          aria-label="Run"
          onClick={() => void run()}
        >
          {!compact && 'Run'}
        </Button>
      </Tooltip>
      <MoreMenu />
    </Toolbar>
  );
}

export function TopBar(): React.JSX.Element {
  const styles = useStyles();
  const title = useModel(({ session }) => session?.title);
  const folder = useModel(({ session }) => session?.folder);
  return (
    <header className={styles.bar}>
      <Link to="/" className={styles.title} title={folder}>
        <img className={styles.mark} src={icon} alt="" />
        <Text weight="semibold" size={400} truncate wrap={false}>
          {title}
        </Text>
      </Link>
      <DraftMark />
      <span className={styles.grow} />
      <Tools />
    </header>
  );
}
