/** What is wrong with the model, at the foot of every screen; a click goes to the field. */
import { Button, makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import {
  CheckmarkCircle16Regular,
  ChevronDown16Regular,
  ChevronUp16Regular,
  ErrorCircle16Filled,
  Warning16Filled,
} from '@fluentui/react-icons';
import { useMemo } from 'react';
import { useNavigate } from 'react-router';
import type { ProblemWire } from './api';
import { useModel } from './documents';
import { addressOfProblem } from './places';

const phone = '@media (max-width: 640px)';

const useStyles = makeStyles({
  panel: {
    gridArea: 'problems',
    minWidth: 0,
    backgroundColor: tokens.colorNeutralBackground2,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  head: { display: 'flex', alignItems: 'center', minHeight: '32px', paddingInline: '4px' },
  counts: { display: 'inline-flex', alignItems: 'center', gap: '6px' },
  none: { paddingLeft: '12px', fontSize: tokens.fontSizeBase200 },
  space: { width: '10px' },
  error: { color: tokens.colorPaletteRedForeground1, flexShrink: 0 },
  warning: { color: tokens.colorPaletteDarkOrangeForeground1, flexShrink: 0 },
  good: { color: tokens.colorPaletteGreenForeground1 },
  list: {
    listStyleType: 'none',
    margin: 0,
    padding: '0 6px 8px',
    maxHeight: '32vh',
    overflowY: 'auto',
  },
  entry: {
    display: 'flex',
    alignItems: 'flex-start',
    gap: '8px',
    width: '100%',
    padding: '6px 10px',
    border: 'none',
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: 'transparent',
    color: tokens.colorNeutralForeground1,
    font: 'inherit',
    fontSize: tokens.fontSizeBase200,
    textAlign: 'left',
    cursor: 'pointer',
    ':hover': { backgroundColor: tokens.colorNeutralBackground2Hover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
    [phone]: { flexWrap: 'wrap' },
  },
  text: { flexGrow: 1, minWidth: 0, overflowWrap: 'anywhere' },
  hint: { color: tokens.colorNeutralForeground2, display: 'block' },
  where: { color: tokens.colorNeutralForeground2, whiteSpace: 'nowrap' },
});

function placeText({ file, line, node, field }: ProblemWire): string {
  const inner = node ?? field;
  return [file, inner].filter(Boolean).join(' › ') + (line && !inner ? `:${line}` : '');
}

function countText(count: number, word: string): string {
  return `${count} ${count === 1 ? word : `${word}s`}`;
}

export function ProblemsPanel(props: { open: boolean; onOpen: (open: boolean) => void }): React.JSX.Element {
  const { open, onOpen } = props;
  const styles = useStyles();
  const navigate = useNavigate();
  const problems = useModel((model) => model.problems);
  const sorted = useMemo(
    () => [...problems].sort((one, other) => Number(other.severity === 'error') - Number(one.severity === 'error')),
    [problems],
  );
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  return (
    <section className={styles.panel} aria-label="Problems">
      <div className={styles.head}>
        {problems.length === 0 ? (
          <span role="status" className={mergeClasses(styles.counts, styles.none)}>
            <CheckmarkCircle16Regular className={styles.good} aria-hidden /> No problems
          </span>
        ) : (
          <Button
            size="small"
            appearance="transparent"
            aria-expanded={open}
            icon={open ? <ChevronDown16Regular /> : <ChevronUp16Regular />}
            onClick={() => onOpen(!open)}
          >
            <span className={styles.counts} role="status">
              {errors > 0 && (
                <>
                  <ErrorCircle16Filled className={styles.error} aria-hidden /> {countText(errors, 'error')}
                </>
              )}
              {errors > 0 && warnings > 0 && <span className={styles.space} />}
              {warnings > 0 && (
                <>
                  <Warning16Filled className={styles.warning} aria-hidden /> {countText(warnings, 'warning')}
                </>
              )}
            </span>
          </Button>
        )}
      </div>
      {open && problems.length > 0 && (
        <ul className={styles.list}>
          {sorted.map((problem, index) => (
            <li key={index}>
              <button
                type="button"
                className={styles.entry}
                onClick={() => void navigate(addressOfProblem(problem))}
              >
                {problem.severity === 'error' ? (
                  <ErrorCircle16Filled className={styles.error} aria-label="Error" />
                ) : (
                  <Warning16Filled className={styles.warning} aria-label="Warning" />
                )}
                <span className={styles.text}>
                  {problem.message}
                  {problem.hint && <span className={styles.hint}>{problem.hint}</span>}
                </span>
                <Text size={200} className={styles.where}>
                  {placeText(problem)}
                </Text>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
