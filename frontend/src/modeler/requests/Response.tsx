/** What a try came to: status, time, size, headers, the body as a tree, further pages, errors explained. */
import {
  Badge, Button, Link, makeStyles, MessageBar, MessageBarBody, MessageBarTitle, Spinner, Tab, Table, TableBody, TableCell, TableRow, TabList, Text, tokens,
} from '@fluentui/react-components';
import { ArrowDownload20Regular, TableArrowUp20Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { JsonValue, TryWire } from '../api';
import { useModel } from '../documents';
import { isObject } from '../merge';
import { durationText, sizeText } from '../../amounts';
import { JsonTree } from './tree/JsonTree';

const useStyles = makeStyles({
  response: { display: 'flex', flexDirection: 'column', gap: '8px', minHeight: 0, minWidth: 0, flexGrow: 1 },
  line: { display: 'flex', alignItems: 'center', gap: '6px 12px', flexWrap: 'wrap', color: tokens.colorNeutralForeground2 },
  url: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, overflowWrap: 'anywhere', color: tokens.colorNeutralForeground2, maxHeight: '48px', overflow: 'hidden' },
  grow: { flexGrow: 1 },
  text: {
    margin: 0, padding: '8px', overflow: 'auto', flexGrow: 1, minHeight: '80px', maxHeight: '60vh', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere',
    fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200,
    border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusMedium,
  },
  body: { display: 'flex', flexDirection: 'column', flexGrow: 1, minHeight: '280px', height: '48vh', '@container (min-width: 860px)': { height: 'auto', minHeight: 0 } },
  cell: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, overflowWrap: 'anywhere' },
  scroll: { overflow: 'auto', minHeight: 0, flexGrow: 1 },
  facts: { display: 'block' },
});

function toneOf({ status, error }: TryWire): 'success' | 'danger' | 'warning' {
  if (error || status === null || status >= 400) return 'danger';
  return status >= 300 ? 'warning' : 'success';
}

const statusWords: { [status: number]: string } = {
  200: 'OK', 201: 'Created', 202: 'Accepted', 204: 'No content', 301: 'Moved', 302: 'Found', 304: 'Not modified', 400: 'Bad request',
  401: 'Not signed in', 403: 'Forbidden', 404: 'Not found', 405: 'Method not allowed', 409: 'Conflict', 410: 'Gone', 412: 'Changed meanwhile',
  415: 'Unsupported kind of body', 422: 'Cannot be processed', 429: 'Too many requests', 500: 'Server error', 502: 'Bad gateway', 503: 'Unavailable', 504: 'Timeout',
};

export function Response(props: {
  result: TryWire;
  loading: boolean;
  onNext: () => void;
  onMap?: (() => void) | undefined;
}): React.JSX.Element {
  const { result, loading, onNext, onMap } = props;
  const styles = useStyles();
  const [tab, setTab] = useState<'body' | 'headers' | 'request'>('body');
  const { status } = result;
  return (
    <section className={styles.response} aria-label="Response">
      <div className={styles.line}>
        <Badge size="large" appearance="filled" color={toneOf(result)}>{status === null ? 'No answer' : `${status} ${statusWords[status] ?? ''}`}</Badge>
        <Text size={200}>{durationText(result.milliseconds)}</Text>
        <Text size={200}>{sizeText(result.size)}</Text>
        {result.retries > 0 && <Text size={200}>{result.retries} {result.retries === 1 ? 'retry' : 'retries'}</Text>}
        {result.sent_as && <Text size={200}>as {result.sent_as}</Text>}
        <span className={styles.grow} />
        {onMap && result.example && !result.error && (
          <Button size="small" appearance="primary" icon={<TableArrowUp20Regular />} onClick={onMap}>Create mapping</Button>
        )}
      </div>
      {result.error !== null && result.error !== undefined && <Failure error={result.error} />}
      <TabList size="small" selectedValue={tab} onTabSelect={(_, { value }) => setTab(value as typeof tab)}>
        <Tab value="body">Body</Tab>
        <Tab value="headers">Headers</Tab>
        <Tab value="request">As sent</Tab>
      </TabList>
      {tab === 'body' && (
        <>
          {result.collection && (
            <div className={styles.line}>
              <Text size={200}>{result.items ?? 0} items, {result.pages} {result.pages === 1 ? 'page' : 'pages'}{result.more ? '' : ': that is all'}</Text>
              {result.more && (
                <Button size="small" icon={loading ? <Spinner size="tiny" aria-hidden /> : <ArrowDownload20Regular />} disabled={loading} onClick={onNext}>Next page</Button>
              )}
            </div>
          )}
          <Body result={result} />
        </>
      )}
      {tab === 'headers' && <Headers headers={result.headers} label="Headers of the response" />}
      {tab === 'request' && (
        <>
          <span className={styles.url}>{result.method} {result.url}</span>
          <Headers headers={result.request_headers} label="Headers of the request" />
        </>
      )}
    </section>
  );
}

function Body({ result }: { result: TryWire }): React.JSX.Element {
  const styles = useStyles();
  if (result.example) {
    return (
      <div className={styles.body}>
        <JsonTree key={result.example} example={result.example} version={result.pages} label="Body of the response" />
      </div>
    );
  }
  if (result.binary) return <Text>The body is no text: {sizeText(result.size)} of data.</Text>;
  if (result.text) return <pre className={styles.text} tabIndex={0}>{result.text}</pre>;
  return <Text>The response has no body.</Text>;
}

function Headers({ headers, label }: { headers: { [name: string]: string }; label: string }): React.JSX.Element {
  const styles = useStyles();
  return (
    <div className={styles.scroll}>
      <Table size="extra-small" aria-label={label}>
        <TableBody>
          {Object.entries(headers).map(([name, value]) => (
            <TableRow key={name}>
              <TableCell className={styles.cell}>{name}</TableCell>
              <TableCell className={styles.cell}>{value}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  );
}

function Failure({ error }: { error: JsonValue }): React.JSX.Element {
  const styles = useStyles();
  const inspector = useModel(({ session }) => session?.sandbox_requests_url);
  const facts = isObject(error) ? error : { message: String(error) };
  const quote = [facts.code, facts.graph_code, facts.request_id && `request ${String(facts.request_id)}`].filter(Boolean).join(' · ');
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{String(facts.message ?? 'It did not work.')}</MessageBarTitle> {String(facts.hint ?? '')}
        {quote && <Text size={200} font="monospace" className={styles.facts}>{quote}</Text>}
        {inspector && Boolean(facts.request_id) && (
          <Link href={`${inspector}?q=${encodeURIComponent(String(facts.request_id))}`} target="_blank" rel="noreferrer">See in the sandbox why</Link>
        )}
      </MessageBarBody>
    </MessageBar>
  );
}
