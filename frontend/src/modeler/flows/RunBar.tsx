/** Above the canvas: which run is shown on it, and how one that is held goes on. */
import { Badge, Button, Dropdown, makeStyles, Option, Text, tokens } from '@fluentui/react-components';
import { ArrowStepOver20Regular, Play20Regular, RecordStop20Regular } from '@fluentui/react-icons';
import type { Run } from './useRun';

const useStyles = makeStyles({
  paused: {
    position: 'absolute', top: '12px', left: '50%', transform: 'translateX(-50%)', zIndex: 6, display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: '8px',
    // What begins in the middle is else as wide as half the canvas.
    width: 'max-content', maxWidth: 'calc(100% - 24px)', boxSizing: 'border-box',
    padding: '6px 8px 6px 14px', borderRadius: tokens.borderRadiusXLarge, backgroundColor: tokens.colorNeutralBackground1, boxShadow: tokens.shadow16,
    border: `1px solid ${tokens.colorPaletteMarigoldBorderActive}`,
    '& button': { flexShrink: 0 },
  },
});

const runWords: Record<string, string> = {
  running: 'running', waiting: 'waits for the user', paused: 'stopped at a breakpoint', done: 'done', failed: 'failed', stopped: 'stopped',
};

export function RunPicker({ run, className }: { run: Run; className: string }): React.JSX.Element {
  const words = (trace: Run['traces'][number]): string =>
    `${new Date(trace.started_at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' })} · ${runWords[trace.status] ?? trace.status}`;
  return (
    <Dropdown
      size="small"
      className={className}
      aria-label="Run shown on the canvas"
      value={run.trace ? words(run.trace) : 'No run shown'}
      selectedOptions={[run.trace?.id ?? '']}
      onOptionSelect={(_, { optionValue }) => run.show(optionValue || null)}
    >
      <Option value="" text="No run shown">No run shown</Option>
      {run.traces.map((trace) => (
        <Option key={trace.id} value={trace.id} text={words(trace)}>
          {words(trace)} <Badge appearance="tint" color={trace.status === 'failed' ? 'danger' : trace.status === 'done' ? 'success' : 'informative'}>{trace.nodes}</Badge>
        </Option>
      ))}
    </Dropdown>
  );
}

export function PausedBar({ run, at, onShow }: { run: Run; at: string; onShow?: () => void }): React.JSX.Element {
  const styles = useStyles();
  return (
    <div className={styles.paused} role="status">
      <Text weight="semibold">Stopped before “{at}”</Text>
      {onShow && <Button size="small" appearance="transparent" onClick={onShow}>Show</Button>}
      <Button appearance="primary" size="small" icon={<Play20Regular />} onClick={() => run.resume('continue')}>Continue</Button>
      <Button size="small" icon={<ArrowStepOver20Regular />} onClick={() => run.resume('step')}>Step</Button>
      <Button size="small" icon={<RecordStop20Regular />} onClick={() => run.resume('stop')}>Stop</Button>
    </div>
  );
}
