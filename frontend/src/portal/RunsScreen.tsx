/** What ran lately: when, who, which way through the flow, how long, how much, and what failed. */
import {
  Button,
  makeStyles,
  Spinner,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens,
  typographyStyles,
} from '@fluentui/react-components';
import { ArrowClockwise20Regular } from '@fluentui/react-icons';
import { useCallback, useEffect, useState } from 'react';
import { Link } from 'react-router';
import { durationText } from '../amounts';
import { type ApiError, asApiError, getRuns, isAbort, type Run, userTimeZone } from '../api';
import { formatMoment } from '../times';
import { Problem } from '../components/Problem';
import { countsText, StatusBadge } from './runs';
import { useSession } from './session';
import { SignIn } from './SignIn';

const useStyles = makeStyles({
  page: { flexGrow: 1, minHeight: 0, display: 'flex', flexDirection: 'column' },
  header: {
    display: 'flex',
    alignItems: 'center',
    padding: `${tokens.spacingVerticalXL} ${tokens.spacingHorizontalXXL} ${tokens.spacingVerticalM}`,
    '@media (max-width: 640px)': { padding: '14px 16px 8px' },
  },
  title: { ...typographyStyles.title3, margin: 0, flexGrow: 1 },
  scroller: { flexGrow: 1, minHeight: 0, overflow: 'auto', paddingInline: tokens.spacingHorizontalL },
  table: { minWidth: '980px', tableLayout: 'auto' },
  cell: { verticalAlign: 'top', paddingTop: '10px', paddingBottom: '10px', height: 'auto' },
  line: { whiteSpace: 'nowrap' },
  way: { color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere', maxWidth: '340px', display: 'block' },
  problem: { color: tokens.colorStatusDangerForeground2, display: 'block', maxWidth: '280px', overflowWrap: 'anywhere' },
  link: { ...typographyStyles.body1Strong, color: tokens.colorBrandForegroundLink },
  center: { flexGrow: 1, display: 'grid', placeItems: 'center' },
});

export default function RunsScreen(): React.JSX.Element {
  const styles = useStyles();
  const { session } = useSession();
  const [runs, setRuns] = useState<Run[] | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [attempt, setAttempt] = useState(0);
  const retry = useCallback(() => setAttempt((count) => count + 1), []);

  useEffect(() => {
    document.title = `Runs – ${session.application.title}`;
  }, [session]);
  useEffect(() => {
    const controller = new AbortController();
    setError(null);
    getRuns(controller.signal)
      .then((answer) => setRuns(answer.runs))
      .catch((reason: unknown) => {
        if (!isAbort(reason)) setError(asApiError(reason));
      });
    return () => controller.abort();
  }, [attempt]);

  if (error?.status === 401) return <SignIn ended={session.signed_in} />;
  if (error) return <Problem error={error} onRetry={retry} />;
  const columns = ['Started', 'Flow', 'Who', 'Status', 'Duration', 'Way taken', 'Rows'];
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1 className={styles.title}>Runs</h1>
        <Button icon={<ArrowClockwise20Regular />} onClick={retry}>
          Refresh
        </Button>
      </header>
      {runs === null ? (
        <div className={styles.center}>
          <Spinner label="Loading…" />
        </div>
      ) : runs.length === 0 ? (
        <div className={styles.center}>
          <Text>Nothing has run yet.</Text>
        </div>
      ) : (
        <div className={styles.scroller} tabIndex={0} role="region" aria-label="Runs">
          <Table className={styles.table} aria-label="Runs">
            <TableHeader>
              <TableRow>
                {columns.map((title) => (
                  <TableHeaderCell key={title}>{title}</TableHeaderCell>
                ))}
              </TableRow>
            </TableHeader>
            <TableBody>
              {runs.map((run) => (
                <TableRow key={run.id}>
                  <TableCell className={styles.cell}>
                    <span className={styles.line}>
                      {formatMoment(run.started_at, userTimeZone, { dateStyle: 'medium', timeStyle: 'medium' })}
                    </span>
                  </TableCell>
                  <TableCell className={styles.cell}>
                    <Link className={styles.link} to={`/_runs/${run.id}`}>
                      {run.flow}
                    </Link>
                  </TableCell>
                  <TableCell className={styles.cell}>{run.who ?? '–'}</TableCell>
                  <TableCell className={styles.cell}>
                    <StatusBadge status={run.status} failed={run.error !== null} />
                    {run.error && (
                      <Text size={200} className={styles.problem}>
                        {typeof run.error === 'string' ? run.error : (run.error.message ?? run.error.code)}
                      </Text>
                    )}
                  </TableCell>
                  <TableCell className={styles.cell}>
                    <span className={styles.line}>{run.duration_ms === null ? '–' : durationText(run.duration_ms)}</span>
                  </TableCell>
                  <TableCell className={styles.cell}>
                    <Text size={200} className={styles.way}>
                      {run.way.join(' → ')}
                    </Text>
                  </TableCell>
                  <TableCell className={styles.cell}>{countsText(run.counts)}</TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </div>
      )}
    </div>
  );
}
