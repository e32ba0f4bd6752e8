/** The parts of a request behind its address: query, headers, body, authentication. */
import { CounterBadge, makeStyles, Tab, TabList, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import type { JsonObject } from '../merge';
import { Authentication } from './Authentication';
import { BodyEditor } from './BodyEditor';
import { knownHeaders, knownParameters } from './knownNames';
import { bodyKind, pairsOf, withField, writes } from './model';
import { PairsTable } from './PairsTable';
import type { BindingScope } from './ValueField';

const useStyles = makeStyles({
  parts: { display: 'flex', flexDirection: 'column', gap: '12px', borderTop: `1px solid ${tokens.colorNeutralStroke2}`, paddingTop: '4px' },
  tab: { display: 'inline-flex', gap: '6px', alignItems: 'center' },
  tabs: { flexWrap: 'wrap' },
});

type Part = 'query' | 'headers' | 'body' | 'authentication';

export function RequestParts(props: {
  value: JsonObject;
  scope: BindingScope;
  onChange: (value: JsonObject, checkpoint?: string) => void;
}): React.JSX.Element {
  const { value, scope, onChange } = props;
  const styles = useStyles();
  const [part, setPart] = useState<Part>('query');
  const hasBody = writes(value);
  const shown = part === 'body' && !hasBody ? 'query' : part;
  const counted = (title: string, count: number): React.JSX.Element => (
    <span className={styles.tab}>
      {title}
      {count > 0 && <CounterBadge size="small" appearance="ghost" color="informative" count={count} />}
    </span>
  );
  return (
    <div className={styles.parts}>
      <TabList size="small" className={styles.tabs} selectedValue={shown} onTabSelect={(_, data) => setPart(data.value as Part)}>
        <Tab value="query">{counted('Query', pairsOf(value.query).length)}</Tab>
        <Tab value="headers">{counted('Headers', pairsOf(value.headers).length)}</Tab>
        {hasBody && <Tab value="body">{counted('Body', bodyKind(value) === 'none' ? 0 : 1)}</Tab>}
        <Tab value="authentication">Authentication</Tab>
      </TabList>
      {shown === 'query' && (
        <PairsTable one="parameter" known={knownParameters} value={value.query} scope={scope} onChange={(query) => onChange(withField(value, 'query', query), 'query')} />
      )}
      {shown === 'headers' && (
        <PairsTable one="header" known={knownHeaders} unique value={value.headers} scope={scope} onChange={(headers) => onChange(withField(value, 'headers', headers), 'headers')} />
      )}
      {shown === 'body' && <BodyEditor value={value} scope={scope} onChange={onChange} />}
      {shown === 'authentication' && <Authentication value={value} onChange={onChange} />}
    </div>
  );
}
