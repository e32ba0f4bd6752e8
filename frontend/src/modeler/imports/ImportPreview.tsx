/** What an import makes of an example: rows, what is skipped and why, what nothing reads. */
import {
  Badge, makeStyles, MessageBar, MessageBarBody, Spinner, Tab, Table, TableBody, TableCell, TableHeader, TableHeaderCell, TableRow, TabList, Text, tokens,
} from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { type ApiError, asApiError, type ImportPreview as Answer, isAbort, type JsonValue, type PreviewTable, previewImport } from '../api';
import { isObject } from '../merge';
import type { Mapping } from './mapping';

const useStyles = makeStyles({
  preview: { display: 'flex', flexDirection: 'column', minHeight: 0, minWidth: 0, flexGrow: 1 },
  scroll: { overflow: 'auto', minHeight: 0, flexGrow: 1 },
  table: { tableLayout: 'auto', width: 'max-content', minWidth: '100%' },
  cell: { maxWidth: '280px', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  list: { margin: 0, paddingLeft: '20px', overflowWrap: 'anywhere' },
  hint: { color: tokens.colorNeutralForeground2, padding: '6px 0' },
  tab: { display: 'inline-flex', gap: '6px', alignItems: 'center' },
  path: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
});

export function useImportPreview(mapping: Mapping | null, example: string | null): { answer: Answer | null; error: ApiError | null } {
  const [state, setState] = useState<{ answer: Answer | null; error: ApiError | null }>({ answer: null, error: null });
  useEffect(() => {
    if (!mapping || !example) return undefined;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      previewImport({ example, definition: mapping.import, lists: mapping.lists, limit: 50 }, abort.signal).then(
        (answer) => setState({ answer, error: null }),
        (problem: unknown) => {
          if (!isAbort(problem)) setState(({ answer }) => ({ answer, error: asApiError(problem) }));
        },
      );
    }, 250);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [mapping, example]);
  return state;
}

function cellText(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object') return String(value);
  if (isObject(value) && typeof value.dateTime === 'string') return `${value.dateTime.replace('T', ' ').slice(0, 16)} ${String(value.timeZone ?? '')}`;
  return JSON.stringify(value);
}

export function ImportPreview({ mapping, example }: { mapping: Mapping; example: string }): React.JSX.Element {
  const styles = useStyles();
  const { answer, error } = useImportPreview(mapping, example);
  const [tab, setTab] = useState<string | null>(null);
  if (!answer) return error ? <Failure error={error} /> : <Spinner size="tiny" label="Mapping the example" />;
  const tables = new Map(answer.tables.map((table) => [`list:${table.name}`, table]));
  const shown = tab && (tables.has(tab) || !tab.startsWith('list:')) ? tab : ([...tables.keys()][0] ?? 'skipped');
  const table = tables.get(shown);
  return (
    <div className={styles.preview}>
      {error && <Failure error={error} />}
      {answer.problems.slice(0, 3).map((problem, index) => (
        <MessageBar key={index} intent={problem.severity === 'error' ? 'error' : 'warning'} layout="multiline">
          <MessageBarBody>{problem.message} {problem.hint}</MessageBarBody>
        </MessageBar>
      ))}
      <TabList size="small" aria-label="Preview" selectedValue={shown} onTabSelect={(_, data) => setTab(String(data.value))}>
        {answer.tables.map(({ name, total }) => (
          <Tab key={name} value={`list:${name}`}><Counted title={name} count={total} /></Tab>
        ))}
        <Tab value="skipped"><Counted title="Skipped" count={answer.skipped_total} bad /></Tab>
        <Tab value="unread"><Counted title="Not read" count={answer.unread.length} /></Tab>
      </TabList>
      <div className={styles.scroll} tabIndex={0} role="region" aria-label="Preview of the import">
        {table && <Rows table={table} />}
        {shown === 'skipped' && (
          answer.skipped.length === 0 ? <Text size={200} className={styles.hint}>Nothing is skipped.</Text> : (
            <ul className={styles.list}>
              {answer.skipped.map(({ where, why }, index) => <li key={index}><span className={styles.path}>{where}</span>: {why}</li>)}
            </ul>
          )
        )}
        {shown === 'unread' && (
          answer.unread.length === 0 ? <Text size={200} className={styles.hint}>Everything of the example is read.</Text> : (
            <ul className={styles.list}>{answer.unread.map((path) => <li key={path} className={styles.path}>{path}</li>)}</ul>
          )
        )}
      </div>
      {answer.mapped < answer.items && <Text size={200} className={styles.hint}>Of the first {answer.mapped} of {answer.items} items.</Text>}
    </div>
  );
}

function Failure({ error }: { error: ApiError }): React.JSX.Element {
  return <MessageBar intent="error" layout="multiline"><MessageBarBody>{error.message} {error.hint}</MessageBarBody></MessageBar>;
}

function Counted({ title, count, bad = false }: { title: string; count: number; bad?: boolean }): React.JSX.Element {
  const styles = useStyles();
  return (
    <span className={styles.tab}>
      {title} <Badge size="small" appearance="tint" color={bad && count > 0 ? 'danger' : 'informative'}>{count}</Badge>
    </span>
  );
}

function Rows({ table }: { table: PreviewTable }): React.JSX.Element {
  const styles = useStyles();
  const rows = table.rows.filter(isObject);
  if (rows.length === 0) return <Text size={200} className={styles.hint}>No rows.</Text>;
  return (
    <>
      <Table size="extra-small" className={styles.table} aria-label={`Rows of ${table.name}`}>
        <TableHeader>
          <TableRow>{table.columns.map(({ name, title }) => <TableHeaderCell key={name}>{title}</TableHeaderCell>)}</TableRow>
        </TableHeader>
        <TableBody>
          {rows.map((row, index) => (
            <TableRow key={index}>
              {table.columns.map(({ name }) => <TableCell key={name} className={styles.cell} title={cellText(row[name])}>{cellText(row[name])}</TableCell>)}
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {table.total > rows.length && <Text size={200} className={styles.hint}>The first {rows.length} of {table.total}.</Text>}
    </>
  );
}
