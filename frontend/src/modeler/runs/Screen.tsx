/** What the draft ran lately: each run's way, node by node, with values, durations and errors. */
import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Badge,
  Link,
  makeStyles,
  mergeClasses,
  Spinner,
  Text,
  tokens,
} from '@fluentui/react-components';
import { Play20Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import { NavLink, useNavigate, useParams } from 'react-router';
import { durationText, sizeText } from '../../amounts';
import type { RunReport } from '../../api';
import { Problem } from '../../components/Problem';
import { getTrace, getTraces, type TraceEntry, type TraceWire, type VisitWire } from '../api';
import { useDocuments } from '../documents';
import { useEvent } from '../events';
import { ValueTree } from '../flows/VisitView';
import { isObject } from '../merge';
import { addressOf, documentName } from '../places';
import { useAnswer } from '../useAnswer';

const phone = '@media (max-width: 640px)';

const useStyles = makeStyles({
  screen: { display: 'flex', height: '100%', minHeight: 0, [phone]: { flexDirection: 'column' } },
  list: {
    width: '270px',
    flexShrink: 0,
    overflowY: 'auto',
    padding: '12px 8px',
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground2,
    [phone]: { width: 'auto', maxHeight: '34vh', borderRight: 'none' },
  },
  heading: { fontSize: tokens.fontSizeBase300, padding: '0 10px 8px', margin: 0 },
  entry: {
    display: 'block',
    padding: '8px 10px',
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground1,
    textDecorationLine: 'none',
    ':hover': { backgroundColor: tokens.colorNeutralBackground2Hover },
  },
  current: { backgroundColor: tokens.colorNeutralBackground1Selected },
  line: { display: 'flex', alignItems: 'center', gap: '8px', justifyContent: 'space-between' },
  small: { color: tokens.colorNeutralForeground2, display: 'block', overflowWrap: 'anywhere' },
  detail: { flexGrow: 1, minWidth: 0, overflowY: 'auto', padding: '16px 20px 20px', display: 'flex', flexDirection: 'column', gap: '12px' },
  head: { display: 'flex', alignItems: 'center', gap: '12px', flexWrap: 'wrap' },
  title: { fontSize: tokens.fontSizeBase500, margin: 0, overflowWrap: 'anywhere' },
  step: { display: 'flex', alignItems: 'baseline', gap: '10px', flexWrap: 'wrap', minWidth: 0 },
  failed: { color: tokens.colorStatusDangerForeground1, overflowWrap: 'anywhere' },
  values: { display: 'flex', flexDirection: 'column', gap: '8px', paddingBottom: '8px' },
  nothing: { margin: 'auto', textAlign: 'center', padding: '24px', color: tokens.colorNeutralForeground2, maxWidth: '46ch' },
});

const words: { [status in TraceEntry['status']]: string } = {
  running: 'running',
  waiting: 'waits for the user',
  paused: 'held at a breakpoint',
  done: 'done',
  failed: 'failed',
  stopped: 'stopped',
};

function colorOf(status: TraceEntry['status']): 'danger' | 'success' | 'warning' | 'informative' {
  if (status === 'failed') return 'danger';
  if (status === 'done') return 'success';
  return status === 'paused' || status === 'stopped' ? 'warning' : 'informative';
}

function timeOf(at: string): string {
  return new Date(at).toLocaleTimeString(undefined, { timeStyle: 'medium' });
}

function nodesOf(count: number): string {
  return count === 1 ? '1 node' : `${count.toLocaleString()} nodes`;
}

function messageOf(error: unknown): string {
  if (!isObject(error)) return '';
  return [error.message, error.hint].filter((part) => typeof part === 'string').join(' ');
}

function Status({ status }: { status: TraceEntry['status'] }): React.JSX.Element {
  return <Badge appearance="tint" color={colorOf(status)}>{words[status]}</Badge>;
}

export default function Screen(): React.JSX.Element {
  const styles = useStyles();
  const { id } = useParams();
  const [version, setVersion] = useState(0);
  useEvent('trace', () => setVersion((count) => count + 1));
  const { answer, error, again } = useAnswer(getTraces, [version]);
  const titles = useTitles();
  const traces = answer?.traces ?? [];
  const shown = id ?? traces[0]?.id;
  if (error) return <Problem error={error} onRetry={again} />;
  return (
    <div className={styles.screen}>
      <nav className={styles.list} aria-label="Runs">
        <h1 className={styles.heading}>Runs of the draft</h1>
        {!answer && <Spinner size="small" label="Loading" />}
        {traces.map((trace) => (
          <NavLink
            key={trace.id}
            to={`/runs/${trace.id}`}
            className={mergeClasses(styles.entry, trace.id === shown && styles.current)}
            aria-current={trace.id === shown ? 'page' : undefined}
          >
            <span className={styles.line}>
              <Text weight="semibold" truncate wrap={false}>{titles(trace.flow)}</Text>
              <Status status={trace.status} />
            </span>
            <Text size={200} className={styles.small}>
              {[timeOf(trace.started_at), trace.who, nodesOf(trace.nodes)].filter(Boolean).join(' · ')}
            </Text>
          </NavLink>
        ))}
      </nav>
      {shown ? (
        <Run key={shown} id={shown} version={version} title={titles} />
      ) : (
        answer && (
          <div className={styles.nothing}>
            <Play20Regular aria-hidden />
            <Text block>Nothing was run yet. Choose Run: the draft opens in the portal, and its way is shown here, node by node.</Text>
          </div>
        )
      )}
    </div>
  );
}

function useTitles(): (flow: string) => string {
  const flows = useDocuments('flow');
  return (flow) => flows.find(({ name }) => name === documentName('flow', flow))?.title ?? flow;
}

function Run(props: { id: string; version: number; title: (flow: string) => string }): React.JSX.Element {
  const { id, version, title } = props;
  const styles = useStyles();
  const { answer, error, again } = useAnswer((signal) => getTrace(id, signal), [id, version]);
  if (error) return <Problem error={error} onRetry={again} />;
  if (!answer) return <Spinner label="Loading" />;
  return (
    <section className={styles.detail} aria-label={`Run of ${title(answer.flow)}`}>
      <div className={styles.head}>
        <h2 className={styles.title}>{title(answer.flow)}</h2>
        <Status status={answer.status} />
        <Text className={styles.small}>
          {[answer.who, timeOf(answer.started_at), answer.milliseconds !== null && durationText(answer.milliseconds), nodesOf(answer.nodes)].filter(Boolean).join(' · ')}
        </Text>
      </div>
      {messageOf(answer.error) && <Text className={styles.failed}>{messageOf(answer.error)}</Text>}
      {answer.happened && <Happened {...(answer.happened as unknown as Report)} />}
      <Way trace={answer} />
    </section>
  );
}

type Report = Pick<RunReport, 'meter' | 'imports'>;

/** What the requests cost, and what became of the rows. */
function Happened({ meter, imports }: Report): React.JSX.Element {
  const styles = useStyles();
  const counted: [count: number, one: string, several: string][] = [
    [meter.requests, 'request', 'requests'],
    [meter.retries, 'retry', 'retries'],
    [meter.pages, 'page', 'pages'],
  ];
  const asked = counted.flatMap(([count, one, several]) => (count ? [`${count.toLocaleString()} ${count === 1 ? one : several}`] : []));
  if (meter.requests) asked.push(`${sizeText(meter.bytes_in)} received`);
  if (meter.waited_s) asked.push(`${meter.waited_s.toFixed(1)} s waited`);
  return (
    <div>
      {asked.length > 0 && <Text className={styles.small}>{asked.join(' · ')}</Text>}
      {Object.entries(imports).map(([name, { reasons, ...counts }]) => (
        <Text key={name} className={styles.small}>
          {name}: {Object.entries(counts).flatMap(([what, count]) => (typeof count === 'number' && count ? [`${count.toLocaleString()} ${what}`] : [])).join(', ') || 'no rows'}
          {reasons.map(([where, why]) => `; ${where}: ${why}`)}
        </Text>
      ))}
    </div>
  );
}

function Way({ trace }: { trace: TraceWire }): React.JSX.Element {
  const styles = useStyles();
  return (
    <Accordion multiple collapsible>
      {trace.visits.map((visit) => (
        <AccordionItem key={visit.index} value={visit.index}>
          <AccordionHeader>
            <Step visit={visit} flow={trace.flow} />
          </AccordionHeader>
          <AccordionPanel>
            <div className={styles.values}>
              {messageOf(visit.error) && <Text className={styles.failed}>{messageOf(visit.error)}</Text>}
              <ShowOnCanvas visit={visit} />
              <Text weight="semibold" size={200}>Variables before</Text>
              <ValueTree label={`Variables before ${visit.node}`} value={visit.inputs} />
              <Text weight="semibold" size={200}>Set by this node</Text>
              <ValueTree label={`Set by ${visit.node}`} value={visit.outputs} />
            </div>
          </AccordionPanel>
        </AccordionItem>
      ))}
    </Accordion>
  );
}

function Step({ visit, flow }: { visit: VisitWire; flow: string }): React.JSX.Element {
  const styles = useStyles();
  const failed = visit.error !== null;
  return (
    <span className={styles.step}>
      <Text>{visit.index + 1}.</Text>
      <Text weight="semibold">{visit.flow === flow ? visit.node : `${visit.flow}: ${visit.node}`}</Text>
      <Text size={200} className={mergeClasses(styles.small, failed && styles.failed)}>
        {[visit.type.replaceAll('_', ' '), visit.milliseconds !== null && durationText(visit.milliseconds), visit.exit ? `left by ${visit.exit}` : 'is here'].filter(Boolean).join(' · ')}
      </Text>
    </span>
  );
}

function ShowOnCanvas({ visit }: { visit: VisitWire }): React.JSX.Element {
  const navigate = useNavigate();
  const address = addressOf(documentName('flow', visit.flow), { node: visit.node });
  return (
    <Link
      href={address}
      onClick={(event) => {
        event.preventDefault();
        void navigate(address);
      }}
    >
      Show the node on the canvas
    </Link>
  );
}
