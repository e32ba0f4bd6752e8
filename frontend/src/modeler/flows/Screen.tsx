/** The screen of the flows: one on the canvas, or all of them to choose from. */
import { Badge, Button, Card, CardHeader, makeStyles, Text, Title3, tokens } from '@fluentui/react-components';
import { Add20Regular, Flash24Regular, Flow24Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { useDocuments, useModel } from '../documents';
import { shortName } from '../places';
import { FlowEditor } from './FlowEditor';
import { NewFlow } from './NewFlow';

const useStyles = makeStyles({
  screen: { padding: '24px', display: 'flex', flexDirection: 'column', gap: '16px', maxWidth: '1100px' },
  bar: { display: 'flex', alignItems: 'center', justifyContent: 'space-between', gap: '12px' },
  cards: { display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(260px, 1fr))', gap: '12px' },
  card: { position: 'relative', ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover } },
  // The whole card is the link's.
  link: {
    color: tokens.colorNeutralForeground1,
    fontWeight: tokens.fontWeightSemibold,
    textDecorationLine: 'none',
    '::after': { content: '""', position: 'absolute', inset: 0, borderRadius: tokens.borderRadiusMedium },
    ':focus-visible': { outlineStyle: 'none' },
    ':focus-visible::after': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  quiet: { color: tokens.colorNeutralForeground3 },
});

export default function Screen(): React.JSX.Element {
  const { name } = useParams();
  const flows = useDocuments('flow');
  const entry = flows.find((each) => shortName(each.name) === name);
  if (name !== undefined) return <FlowEditor key={name} name={name} title={entry?.title ?? name} />;
  return <Flows />;
}

function Flows(): React.JSX.Element {
  const styles = useStyles();
  const navigate = useNavigate();
  const flows = useDocuments('flow');
  const problems = useModel((model) => model.problems);
  const [making, setMaking] = useState(false);
  return (
    <div className={styles.screen}>
      <div className={styles.bar}>
        <Title3 as="h1">Flows</Title3>
        <Button appearance="primary" icon={<Add20Regular />} onClick={() => setMaking(true)}>New flow</Button>
      </div>
      {flows.length === 0 && <Text>A flow says what happens, step by step: sign in, ask Microsoft 365, keep what comes, show it on a page.</Text>}
      <div className={styles.cards}>
        {flows.map((flow) => {
          const wrong = problems.filter((problem) => problem.file === flow.name).length;
          return (
            <Card key={flow.name} className={styles.card}>
              <CardHeader
                image={flow.type === 'action' ? <Flash24Regular /> : <Flow24Regular />}
                header={<Link to={`/flows/${shortName(flow.name)}`} className={styles.link}>{flow.title}</Link>}
                description={<Text size={200} className={styles.quiet}>{flow.type === 'action' ? 'Runs unattended' : 'Shows pages'} · {shortName(flow.name)}</Text>}
                {...(wrong > 0 && { action: <Badge color="danger" appearance="tint">{wrong === 1 ? '1 problem' : `${wrong} problems`}</Badge> })}
              />
            </Card>
          );
        })}
      </div>
      {making && (
        <NewFlow
          onCancel={() => setMaking(false)}
          onDone={(made) => {
            setMaking(false);
            void navigate(`/flows/${made}`);
          }}
        />
      )}
    </div>
  );
}
