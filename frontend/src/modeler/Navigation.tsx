/** The parts of an application, at the left; on a phone below. */
import { CounterBadge, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import {
  ArrowImport20Filled,
  ArrowImport20Regular,
  Flow20Filled,
  Flow20Regular,
  type FluentIcon,
  Home20Filled,
  Home20Regular,
  History20Filled,
  History20Regular,
  Key20Filled,
  Key20Regular,
  Person20Filled,
  Person20Regular,
  Play20Filled,
  Play20Regular,
  Send20Filled,
  Send20Regular,
  Table20Filled,
  Table20Regular,
  WindowNew20Filled,
  WindowNew20Regular,
} from '@fluentui/react-icons';
import { useMemo } from 'react';
import { NavLink, useLocation } from 'react-router';
import { useModel } from './documents';

const phone = '@media (max-width: 640px)';
const narrow = '@media (max-width: 1100px)';

const useStyles = makeStyles({
  rail: {
    gridArea: 'rail',
    display: 'flex',
    flexDirection: 'column',
    gap: '2px',
    width: '184px',
    padding: '6px 8px 12px',
    overflowY: 'auto',
    [narrow]: { width: '76px', padding: '6px 6px 12px' },
    [phone]: {
      flexDirection: 'row',
      width: 'auto',
      padding: '4px 4px max(4px, env(safe-area-inset-bottom))',
      overflowX: 'auto',
      borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    },
  },
  entry: {
    position: 'relative',
    display: 'flex',
    alignItems: 'center',
    gap: '12px',
    minHeight: '36px',
    padding: '4px 10px',
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground2,
    textDecorationLine: 'none',
    fontSize: tokens.fontSizeBase300,
    ':hover': {
      backgroundColor: tokens.colorNeutralBackground1Hover,
      color: tokens.colorNeutralForeground1,
    },
    [narrow]: {
      flexDirection: 'column',
      gap: '2px',
      padding: '8px 2px 6px',
      fontSize: tokens.fontSizeBase100,
      lineHeight: tokens.lineHeightBase100,
      textAlign: 'center',
    },
    [phone]: { minWidth: '60px' },
  },
  current: {
    color: tokens.colorBrandForeground1,
    fontWeight: tokens.fontWeightSemibold,
    backgroundColor: tokens.colorNeutralBackground1,
    '::before': {
      content: '""',
      position: 'absolute',
      left: 0,
      top: '22%',
      bottom: '22%',
      width: '3px',
      borderRadius: tokens.borderRadiusCircular,
      backgroundColor: tokens.colorBrandStroke1,
      [phone]: { display: 'none' },
    },
  },
  icon: { display: 'flex', flexShrink: 0 },
  count: {
    marginLeft: 'auto',
    [narrow]: { position: 'absolute', top: '4px', right: '12px' },
  },
  spring: { flexGrow: 1, [phone]: { display: 'none' } },
});

interface Entry {
  path: string;
  title: string;
  /** As it is, and on the screen in front. */
  icon: [FluentIcon, FluentIcon];
  /** The documents whose problems are counted. */
  folder?: string;
}

const upper: Entry[] = [
  { path: '/', title: 'Overview', icon: [Home20Regular, Home20Filled], folder: 'app.yaml' },
  { path: '/flows', title: 'Flows', icon: [Flow20Regular, Flow20Filled], folder: 'flows/' },
  { path: '/pages', title: 'Pages', icon: [WindowNew20Regular, WindowNew20Filled], folder: 'pages/' },
  { path: '/requests', title: 'Requests', icon: [Send20Regular, Send20Filled] },
  { path: '/imports', title: 'Imports', icon: [ArrowImport20Regular, ArrowImport20Filled], folder: 'imports/' },
  { path: '/lists', title: 'Lists', icon: [Table20Regular, Table20Filled], folder: 'lists/' },
  { path: '/profiles', title: 'Profiles', icon: [Person20Regular, Person20Filled], folder: 'profiles/' },
];
const lower: Entry[] = [
  { path: '/runs', title: 'Runs', icon: [Play20Regular, Play20Filled] },
  { path: '/secrets', title: 'Secrets', icon: [Key20Regular, Key20Filled] },
  { path: '/history', title: 'History', icon: [History20Regular, History20Filled] },
];

export function Navigation(): React.JSX.Element {
  const styles = useStyles();
  const { pathname } = useLocation();
  const problems = useModel((model) => model.problems);
  const counts = useMemo(
    () =>
      new Map(
        upper.map(({ folder }) => [
          folder,
          problems.filter(({ file, severity }) => folder && severity === 'error' && file?.startsWith(folder)).length,
        ]),
      ),
    [problems],
  );
  const entry = ({ path, title, icon: [Regular, Filled], folder }: Entry): React.JSX.Element => {
    const active = path === '/' ? pathname === '/' : pathname === path || pathname.startsWith(`${path}/`);
    const Icon = active ? Filled : Regular;
    const count = (folder && counts.get(folder)) || 0;
    return (
      <NavLink
        key={path}
        to={path}
        end={path === '/'}
        className={mergeClasses(styles.entry, active && styles.current)}
      >
        <Icon className={styles.icon} aria-hidden />
        <span>{title}</span>
        {count > 0 && (
          <CounterBadge
            className={styles.count}
            count={count}
            size="small"
            color="danger"
            aria-label={`${count} ${count === 1 ? 'problem' : 'problems'}`}
            role="img"
          />
        )}
      </NavLink>
    );
  };
  return (
    <nav className={styles.rail} aria-label="Parts of the application">
      {upper.map(entry)}
      <span className={styles.spring} />
      {lower.map(entry)}
    </nav>
  );
}
