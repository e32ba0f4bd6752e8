/** What stands where rows would: that they could not be read, or that there are none. */
import { Button, makeStyles, Text } from '@fluentui/react-components';
import type { Rows } from '../useRows';

const useStyles = makeStyles({
  message: { padding: '48px 24px', display: 'grid', justifyItems: 'center', gap: '12px', textAlign: 'center' },
});

/** Why there is not one row, with a way to ask again; null where rows came or are on their way. */
export function rowsProblem(rows: Rows): React.JSX.Element | null {
  return rows.error && rows.total === null ? <RowsProblem error={rows.error} retry={rows.retry} /> : null;
}

function RowsProblem({ error, retry }: { error: NonNullable<Rows['error']>; retry: () => void }): React.JSX.Element {
  const styles = useStyles();
  return (
    <div className={styles.message} role="alert">
      <Text weight="semibold">{error.message}</Text>
      {error.hint && <Text>{error.hint}</Text>}
      <Button onClick={retry}>Try again</Button>
    </div>
  );
}

export function NoRows({ children, hint }: { children: string; hint?: string | false }): React.JSX.Element {
  const styles = useStyles();
  return (
    <div className={styles.message} role="status">
      <Text weight="semibold">{children}</Text>
      {hint && <Text>{hint}</Text>}
    </div>
  );
}
