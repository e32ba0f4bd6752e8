/** One run: how it ended, what was asked of servers, what became of the rows, the way it took. */
import {
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
import { ArrowLeft16Regular } from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import { Link, useParams } from 'react-router';
import { durationText, sizeText } from '../amounts';
import { type ApiError, asApiError, getRun, isAbort, type RunDetail, type RunReport, userTimeZone } from '../api';
import { formatMoment } from '../times';
import { Problem } from '../components/Problem';
import { countsText, StatusBadge } from './runs';
import { useSession } from './session';
import { SignIn } from './SignIn';

const useStyles = makeStyles({
  page: {
    flexGrow: 1,
    minHeight: 0,
    overflow: 'auto',
    padding: `${tokens.spacingVerticalXL} ${tokens.spacingHorizontalXXL}`,
    '@media (max-width: 640px)': { padding: '14px 16px' },
  },
  back: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXS,
    color: tokens.colorBrandForegroundLink,
    textDecorationLine: 'none',
    ':hover': { textDecorationLine: 'underline' },
  },
  header: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  title: { ...typographyStyles.title3, overflowWrap: 'anywhere', margin: `${tokens.spacingVerticalS} 0` },
  heading: { ...typographyStyles.subtitle2, margin: `${tokens.spacingVerticalXXL} 0 ${tokens.spacingVerticalS}` },
  facts: {
    display: 'grid',
    gridTemplateColumns: 'max-content minmax(0, 1fr)',
    columnGap: tokens.spacingHorizontalXXL,
    rowGap: tokens.spacingVerticalXS,
    margin: 0,
  },
  fact: { color: tokens.colorNeutralForeground2 },
  value: { margin: 0, overflowWrap: 'anywhere' },
  list: { margin: 0, paddingLeft: tokens.spacingHorizontalXL, overflowWrap: 'anywhere' },
  scroller: { overflowX: 'auto' },
  table: { maxWidth: '640px', minWidth: '320px' },
  center: { flexGrow: 1, display: 'grid', placeItems: 'center' },
});

function Facts({ facts }: { facts: [title: string, told: React.ReactNode][] }): React.JSX.Element {
  const styles = useStyles();
  return (
    <dl className={styles.facts}>
      {facts.map(([title, told]) => (
        <div key={title} style={{ display: 'contents' }}>
          <dt className={styles.fact}>{title}</dt>
          <dd className={styles.value}>{told}</dd>
        </div>
      ))}
    </dl>
  );
}

function momentText(instant: string): string {
  return formatMoment(instant, userTimeZone, { dateStyle: 'medium', timeStyle: 'medium' });
}

function Requests({ meter }: { meter: RunReport['meter'] }): React.JSX.Element {
  const facts: [string, React.ReactNode][] = [
    ['Requests', meter.requests.toLocaleString()],
    ['Tried again', `${meter.retries.toLocaleString()}, after ${meter.waited_s.toFixed(1)} s of waiting`],
    ['Pages', meter.pages.toLocaleString()],
    ['Received', sizeText(meter.bytes_in)],
    ['Sent', sizeText(meter.bytes_out)],
  ];
  if (!meter.retries) facts.splice(1, 1);
  if (meter.deferred_until) facts.push(['Not before', momentText(meter.deferred_until)]);
  return <Facts facts={facts} />;
}

function Imports({ imports }: { imports: RunReport['imports'] }): React.JSX.Element {
  const styles = useStyles();
  return (
    <Facts
      facts={Object.entries(imports).map(([name, { reasons, resumed, ...counts }]) => [
        name,
        <>
          {countsText(counts)}
          {resumed && ', with those of the run before, which was cut off'}
          {reasons.length > 0 && (
            <ul className={styles.list}>
              {reasons.map(([where, why], index) => (
                <li key={index}>
                  {where}: {why}
                </li>
              ))}
            </ul>
          )}
        </>,
      ])}
    />
  );
}

function Failures({ failures }: { failures: RunReport['failures'] }): React.JSX.Element {
  const styles = useStyles();
  return (
    <ul className={styles.list}>
      {failures.map((failure, index) => (
        <li key={index}>
          {failure.place?.node && <Text weight="semibold">{failure.place.node}: </Text>}
          {failure.message} {failure.hint}
        </li>
      ))}
    </ul>
  );
}

function Way({ visits }: { visits: RunDetail['visits'] }): React.JSX.Element {
  const styles = useStyles();
  return (
    <div className={styles.scroller} tabIndex={0} role="region" aria-label="Way taken">
      <Table className={styles.table} size="small" aria-label="Way taken">
        <TableHeader>
          <TableRow>
            <TableHeaderCell>Node</TableHeaderCell>
            <TableHeaderCell>Exit</TableHeaderCell>
            <TableHeaderCell>Duration</TableHeaderCell>
          </TableRow>
        </TableHeader>
        <TableBody>
          {visits.map((visit, index) => (
            <TableRow key={index}>
              <TableCell>{visit.node}</TableCell>
              <TableCell>{visit.exit}</TableCell>
              <TableCell>{durationText(visit.ms)}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  );
}

export default function RunScreen(): React.JSX.Element {
  const styles = useStyles();
  const { session } = useSession();
  const { id = '' } = useParams();
  const [run, setRun] = useState<RunDetail | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    document.title = `${run?.flow ?? 'Run'} – ${session.application.title}`;
  }, [run, session]);
  useEffect(() => {
    const controller = new AbortController();
    setError(null);
    getRun(id, controller.signal)
      .then(setRun)
      .catch((reason: unknown) => {
        if (!isAbort(reason)) setError(asApiError(reason));
      });
    return () => controller.abort();
  }, [id, attempt]);

  if (error?.status === 401) return <SignIn ended={session.signed_in} />;
  if (error) return <Problem error={error} onRetry={() => setAttempt((count) => count + 1)} />;
  if (run === null) {
    return (
      <div className={styles.center}>
        <Spinner label="Loading…" />
      </div>
    );
  }
  const { meter, imports, failures } = run.report;
  const section = (title: string, shown: boolean, what: React.ReactNode): React.ReactNode =>
    shown && (
      <section>
        <h2 className={styles.heading}>{title}</h2>
        {what}
      </section>
    );
  return (
    <div className={styles.page}>
      <Link to="/_runs" className={styles.back}>
        <ArrowLeft16Regular aria-hidden />
        All runs
      </Link>
      <header className={styles.header}>
        <h1 className={styles.title}>{run.flow}</h1>
        <StatusBadge status={run.status} failed={run.error !== null} />
      </header>
      <Facts
        facts={[
          ['Started', momentText(run.started_at)],
          ['Who', run.who ?? '–'],
          ['Duration', run.duration_ms === null ? '–' : durationText(run.duration_ms)],
        ]}
      />
      {section('Failures', failures.length > 0, <Failures failures={failures} />)}
      {section('Requests', meter.requests > 0, <Requests meter={meter} />)}
      {section('Imports', Object.keys(imports).length > 0, <Imports imports={imports} />)}
      {section('Way taken', true, <Way visits={run.visits} />)}
    </div>
  );
}
