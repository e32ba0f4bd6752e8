/** The frame of every screen: title bar, navigation, problems, messages. */
import { makeStyles, Spinner, Text, tokens } from '@fluentui/react-components';
import { NavLink, Outlet } from 'react-router';
import { Problem } from '../components/Problem';
import { loadModel, useModel } from './documents';
import { places } from './places';

const useStyles = makeStyles({
  shell: {
    height: '100dvh',
    display: 'grid',
    gridTemplateColumns: '200px minmax(0, 1fr)',
    gridTemplateRows: '48px minmax(0, 1fr)',
    backgroundColor: tokens.colorNeutralBackground4,
  },
  bar: { gridColumn: '1 / -1', padding: '12px 16px' },
  rail: { display: 'flex', flexDirection: 'column', gap: '4px', padding: '8px 16px' },
  main: { minWidth: 0, minHeight: 0, overflow: 'auto', backgroundColor: tokens.colorNeutralBackground1 },
});

export function Shell(): React.JSX.Element {
  const styles = useStyles();
  const { status, error, session } = useModel();
  if (status === 'loading') return <Spinner label="Opening the application" />;
  if (error) return <Problem error={error} onRetry={() => void loadModel()} />;
  return (
    <div className={styles.shell}>
      <header className={styles.bar}>
        <Text weight="semibold">{session?.title}</Text>
      </header>
      <nav className={styles.rail} aria-label="Application">
        <NavLink to="/">Overview</NavLink>
        {places.filter(({ folder }) => folder).map(({ folder, many }) => (
          <NavLink key={folder} to={`/${folder}`}>{many}</NavLink>
        ))}
        <NavLink to="/requests">Requests</NavLink>
        <NavLink to="/runs">Runs</NavLink>
        <NavLink to="/history">History</NavLink>
      </nav>
      <main className={styles.main}>
        <Outlet />
      </main>
    </div>
  );
}
