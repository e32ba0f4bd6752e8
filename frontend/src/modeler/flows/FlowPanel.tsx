/** Where nothing is selected: the flow itself; where several nodes are, what can be done with them. */
import { Button, makeStyles, MessageBar, MessageBarBody, Text, tokens, Tooltip } from '@fluentui/react-components';
import {
  AlignBottom20Regular, AlignCenterHorizontal20Regular, AlignCenterVertical20Regular, AlignLeft20Regular, AlignRight20Regular,
  AlignSpaceEvenlyHorizontal20Regular, AlignSpaceEvenlyVertical20Regular, AlignTop20Regular, Delete20Regular, DocumentCopy20Regular, Flow20Regular,
} from '@fluentui/react-icons';
import type { ProblemWire } from '../api';
import { useModel } from '../documents';
import { SchemaForm } from '../form/SchemaForm';
import type { JsonObject } from '../merge';
import type { Commands } from './editor';
import type { FlowValue } from './model';
import type { FlowModel } from './useFlowModel';

const useStyles = makeStyles({
  head: { display: 'flex', alignItems: 'center', gap: '10px', padding: '16px 16px 8px' },
  body: { padding: '8px 16px 24px', display: 'flex', flexDirection: 'column', gap: '16px', overflowY: 'auto', minHeight: 0, flexGrow: 1 },
  problems: { display: 'flex', flexDirection: 'column', gap: '4px', flexShrink: 0 },
  row: { display: 'flex', flexWrap: 'wrap', gap: '4px' },
  hint: { color: tokens.colorNeutralForeground3 },
  bar: { flexShrink: 0 },
});

interface FlowPanelProps {
  name: string;
  flowModel: FlowModel;
  problems: ProblemWire[];
  openErrors: number;
  commands: Commands;
  onNode: (name: string) => void;
}

export function FlowPanel({ name, flowModel, problems, openErrors, commands, onNode }: FlowPanelProps): React.JSX.Element {
  const styles = useStyles();
  const schema = useModel((model) => model.catalogue?.flow_schema ?? {});
  const { flow } = flowModel.model;
  return (
    <>
      <div className={styles.head}>
        <Flow20Regular aria-hidden />
        <Text as="h2" weight="semibold" size={400}>This flow</Text>
      </div>
      <div className={styles.body}>
        {problems.length > 0 && (
          <div className={styles.problems}>
            {problems.map((problem, index) => (
              <MessageBar key={index} intent={problem.severity === 'error' ? 'error' : 'warning'} layout="multiline">
                <MessageBarBody>
                  {problem.message} {problem.hint}
                  {problem.node && <> <Button size="small" appearance="transparent" onClick={() => onNode(problem.node!)}>Show</Button></>}
                </MessageBarBody>
              </MessageBar>
            ))}
          </div>
        )}
        {openErrors > 0 && flow.kind === 'regular' && (
          <MessageBar layout="multiline" className={styles.bar}>
            <MessageBarBody>
              {openErrors === 1 ? 'One error exit leads' : `${openErrors} error exits lead`} nowhere: an error would end the run.{' '}
              <Button size="small" onClick={commands.catchAll}>Lead them to “That did not work”</Button>
            </MessageBarBody>
          </MessageBar>
        )}
        <SchemaForm
          schema={schema}
          value={flow as unknown as JsonObject}
          onChange={(next, checkpoint) => flowModel.apply({ ...flowModel.model, flow: next as unknown as FlowValue }, checkpoint)}
          problems={problems}
          context={{ document: `flows/${name}.yaml`, flow: name, compact: true }}
          hide={['nodes', 'start']}
          order={['title', 'kind', 'path', 'variables', 'inputs', 'access']}
        />
        <Text size={200} className={styles.hint}>/ adds a node · Ctrl+F finds one · C connects an exit · F9 sets a breakpoint</Text>
      </div>
    </>
  );
}

export function ManyPanel({ count, commands }: { count: number; commands: Commands }): React.JSX.Element {
  const styles = useStyles();
  const tools: [string, React.JSX.Element, () => void][] = [
    ['Align left', <AlignLeft20Regular />, () => commands.align('left')],
    ['Align centers', <AlignCenterHorizontal20Regular />, () => commands.align('center')],
    ['Align right', <AlignRight20Regular />, () => commands.align('right')],
    ['Align tops', <AlignTop20Regular />, () => commands.align('top')],
    ['Align middles', <AlignCenterVertical20Regular />, () => commands.align('middle')],
    ['Align bottoms', <AlignBottom20Regular />, () => commands.align('bottom')],
    ['Equal gaps across', <AlignSpaceEvenlyHorizontal20Regular />, () => commands.distribute('x')],
    ['Equal gaps down', <AlignSpaceEvenlyVertical20Regular />, () => commands.distribute('y')],
  ];
  return (
    <>
      <div className={styles.head}><Text as="h2" weight="semibold" size={400}>{count} nodes</Text></div>
      <div className={styles.body}>
        <div className={styles.row}>
          {tools.map(([label, icon, act]) => (
            <Tooltip key={label} content={label} relationship="label"><Button appearance="subtle" icon={icon} onClick={act} /></Tooltip>
          ))}
        </div>
        <div className={styles.row}>
          <Button icon={<DocumentCopy20Regular />} onClick={() => commands.duplicate()}>Duplicate</Button>
          <Button icon={<Delete20Regular />} onClick={commands.remove}>Delete</Button>
        </div>
      </div>
    </>
  );
}
