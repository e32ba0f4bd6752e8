/** What the list as it stands here does to the rows that are there, told before it is saved. */
import { makeStyles, MessageBar, MessageBarBody, MessageBarTitle, Spinner, Text, tokens } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { type ApiError, asApiError, isAbort, type PlanAnswer, planList } from '../api';
import type { JsonObject } from '../merge';

const useStyles = makeStyles({
  plan: { display: 'flex', flexDirection: 'column', gap: '6px' },
  hint: { color: tokens.colorNeutralForeground2 },
});

export function Plan({ name, value, saving }: { name: string; value: JsonObject; saving: boolean }): React.JSX.Element {
  const styles = useStyles();
  const [answer, setAnswer] = useState<PlanAnswer | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  useEffect(() => {
    if (saving) return undefined;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      planList(name, { value, renamed: {} }, abort.signal).then(
        (next) => {
          setAnswer(next);
          setError(null);
        },
        (problem: unknown) => void (isAbort(problem) || setError(asApiError(problem))),
      );
    }, 250);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [name, value, saving]);
  return (
    <section className={styles.plan} aria-label="What happens to the rows" aria-live="polite">
      <Text weight="semibold">What happens to the rows</Text>
      {error && <MessageBar intent="warning" layout="multiline"><MessageBarBody>{error.message} {error.hint}</MessageBarBody></MessageBar>}
      {!answer && !error && <Spinner size="tiny" label="Looking at the rows" labelPosition="after" />}
      {answer && (
        <>
          {(answer.rows > 0 || answer.changes.length === 0) && (
            <Text size={200} className={styles.hint}>
              {answer.rows === 0 ? 'No rows are there yet.' : `${answer.rows.toLocaleString()} ${answer.rows === 1 ? 'row is' : 'rows are'} there.`}
              {answer.changes.length === 0 && ' Nothing changes for them.'}
            </Text>
          )}
          {answer.changes.map(({ text, tone }) => (
            <MessageBar key={text} intent={tone} layout="multiline">
              <MessageBarBody>
                {tone === 'error' && <MessageBarTitle>The rows do not allow this.</MessageBarTitle>} {text}
              </MessageBarBody>
            </MessageBar>
          ))}
        </>
      )}
    </section>
  );
}
