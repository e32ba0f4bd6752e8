/** The frame of every page: title bar, navigation, user menu, main area. */
import {
  Avatar,
  Button,
  Divider,
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
  Text,
  tokens,
} from '@fluentui/react-components';
import { Clock20Regular, Flowchart20Regular, SignOut20Regular } from '@fluentui/react-icons';
import { Link, useLocation } from 'react-router';
import { openModeler, signOut, userTimeZone } from '../api';
import { navigationIcon } from '../icons';
import { zoneLabel } from '../times';
import icon from './icon.svg';
import { useSession } from './session';
import { type ThemeChoice, useTheme } from '../theme';

const phone = '@media (max-width: 640px)';

const useStyles = makeStyles({
  shell: {
    height: '100dvh',
    display: 'grid',
    gridTemplateColumns: 'auto minmax(0, 1fr)',
    gridTemplateRows: 'auto minmax(0, 1fr)',
    gridTemplateAreas: '"bar bar" "rail main"',
    backgroundColor: tokens.colorNeutralBackground4,
    [phone]: {
      gridTemplateColumns: 'minmax(0, 1fr)',
      gridTemplateRows: 'auto minmax(0, 1fr) auto',
      gridTemplateAreas: '"bar" "main" "rail"',
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
  bar: {
    gridArea: 'bar',
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    height: '48px',
    paddingInline: '16px 12px',
    [phone]: { paddingInline: '12px 8px' },
  },
  mark: { width: '26px', height: '26px' },
  title: {
    color: tokens.colorNeutralForeground1,
    textDecorationLine: 'none',
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalMNudge,
    minWidth: 0,
    borderRadius: tokens.borderRadiusMedium,
  },
  grow: { flexGrow: 1 },
  rail: {
    gridArea: 'rail',
    display: 'flex',
    flexDirection: 'column',
    gap: '4px',
    width: '72px',
    padding: '6px 6px 12px',
    overflowY: 'auto',
    [phone]: {
      flexDirection: 'row',
      justifyContent: 'space-around',
      width: 'auto',
      padding: '4px 4px max(4px, env(safe-area-inset-bottom))',
      overflowX: 'auto',
      borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    },
  },
  entry: {
    position: 'relative',
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    gap: '2px',
    padding: '8px 2px 6px',
    minWidth: '56px',
    borderRadius: tokens.borderRadiusLarge,
    color: tokens.colorNeutralForeground2,
    textDecorationLine: 'none',
    fontSize: tokens.fontSizeBase100,
    lineHeight: tokens.lineHeightBase100,
    textAlign: 'center',
    overflowWrap: 'anywhere',
    ':hover': {
      backgroundColor: tokens.colorNeutralBackground1Hover,
      color: tokens.colorNeutralForeground1,
    },
    [phone]: { flexGrow: 1, maxWidth: '110px' },
  },
  current: {
    color: tokens.colorBrandForeground1,
    fontWeight: tokens.fontWeightSemibold,
    '::before': {
      content: '""',
      position: 'absolute',
      left: '-4px',
      top: '22%',
      bottom: '22%',
      width: '3px',
      borderRadius: tokens.borderRadiusCircular,
      backgroundColor: tokens.colorBrandStroke1,
      [phone]: { display: 'none' },
    },
  },
  main: {
    gridArea: 'main',
    minWidth: 0,
    minHeight: 0,
    display: 'flex',
    flexDirection: 'column',
    overflow: 'hidden',
    backgroundColor: tokens.colorNeutralBackground1,
    borderTopLeftRadius: tokens.borderRadiusXLarge,
    boxShadow: tokens.shadow2,
    outlineStyle: 'none',
    [phone]: { borderTopLeftRadius: 0 },
  },
  alone: { gridColumn: '1 / -1', borderTopLeftRadius: 0 },
  spring: { flexGrow: 1, [phone]: { display: 'none' } },
  who: { padding: '10px 12px', maxWidth: '300px', overflowWrap: 'anywhere' },
  small: { color: tokens.colorNeutralForeground2, display: 'block' },
  zone: {
    display: 'flex',
    alignItems: 'center',
    gap: '8px',
    padding: '6px 10px',
    color: tokens.colorNeutralForeground2,
  },
});

function initialsOf(name: string): string {
  const words = name.split(/[\s@.]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map((word) => [...(word ?? '')][0] ?? '').join('').toUpperCase();
}

function UserMenu(): React.JSX.Element | null {
  const styles = useStyles();
  const { session } = useSession();
  const theme = useTheme();
  const name = session.user?.name || session.user?.email || 'Guest';
  const initials = initialsOf(name);
  const leave = async (): Promise<void> => {
    const { url } = await signOut();
    window.location.assign(url);
  };
  const model = async (): Promise<void> => {
    try {
      window.location.assign((await openModeler()).url);
    } catch {
      // The session has ended, or the server: the page shows which.
      window.location.reload();
    }
  };
  return (
    <Menu
      checkedValues={{ theme: [theme.choice] }}
      onCheckedValueChange={(_, data) => theme.choose((data.checkedItems[0] ?? 'system') as ThemeChoice)}
    >
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          shape="circular"
          aria-label={`${initials}: account menu of ${name}`}
          icon={<Avatar name={name} initials={initials} size={32} color="colorful" aria-hidden />}
        />
      </MenuTrigger>
      <MenuPopover>
        {session.signed_in && (
          <>
            <div className={styles.who}>
              <Text weight="semibold" block>
                {name}
              </Text>
              {session.user?.email && session.user.email !== name && (
                <Text size={200} className={styles.small}>
                  {session.user.email}
                </Text>
              )}
            </div>
            <Divider />
          </>
        )}
        <div className={styles.zone}>
          <Clock20Regular aria-hidden />
          <Text size={200}>Times in {zoneLabel(userTimeZone)}</Text>
        </div>
        <MenuList>
          <MenuGroup>
            <MenuGroupHeader>Theme</MenuGroupHeader>
            <MenuItemRadio name="theme" value="system">
              As the system
            </MenuItemRadio>
            <MenuItemRadio name="theme" value="light">
              Light
            </MenuItemRadio>
            <MenuItemRadio name="theme" value="dark">
              Dark
            </MenuItemRadio>
          </MenuGroup>
          {session.signed_in && (
            <>
              <MenuDivider />
              {session.modeler && (
                <MenuItem icon={<Flowchart20Regular />} onClick={() => void model()}>
                  Open the modeler
                </MenuItem>
              )}
              <MenuItem icon={<SignOut20Regular />} onClick={() => void leave()}>
                Sign out
              </MenuItem>
            </>
          )}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function Navigation(): React.JSX.Element {
  const styles = useStyles();
  const { session } = useSession();
  const { pathname } = useLocation();
  const here = pathname === '/' ? session.application.home : pathname;
  const entries = session.application.navigation.map((entry) => ({ ...entry, icon: entry.icon ?? 'flow' }));
  const entry = (path: string, title: string, icon: string): React.JSX.Element => {
    const active = here === path || here.startsWith(`${path}/`);
    const Icon = navigationIcon(icon, active);
    return (
      <Link
        key={path}
        to={path}
        className={mergeClasses(styles.entry, active && styles.current)}
        aria-current={active ? 'page' : undefined}
      >
        <Icon aria-hidden />
        <span>{title}</span>
      </Link>
    );
  };
  return (
    <nav className={styles.rail} aria-label="Application">
      {entries.map(({ path, title, icon }) => entry(path, title, icon))}
      {session.may_see_runs && (
        <>
          <span className={styles.spring} />
          {entry('/_runs', 'Runs', 'history')}
        </>
      )}
    </nav>
  );
}

export function Shell({ children }: { children: React.ReactNode }): React.JSX.Element {
  const styles = useStyles();
  const { session } = useSession();
  const withRail =
    session.signed_in && (session.application.navigation.length > 0 || session.may_see_runs);
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        Skip to content
      </a>
      <header className={styles.bar}>
        <Link to="/" className={styles.title}>
          <img className={styles.mark} src={icon} alt="" />
          <Text weight="semibold" size={400} truncate wrap={false}>
            {session.application.title}
          </Text>
        </Link>
        <span className={styles.grow} />
        <UserMenu />
      </header>
      {withRail && <Navigation />}
      <main id="main" tabIndex={-1} className={mergeClasses(styles.main, !withRail && styles.alone)}>
        {children}
      </main>
    </div>
  );
}
