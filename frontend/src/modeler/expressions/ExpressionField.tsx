/**
 * A field for an expression or a text with expressions: completion from what the node may read, the
 * error under its character, the live value beneath.
 */
import { Button, makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import { lazy, Suspense, useCallback, useEffect, useId, useRef, useState } from 'react';
import { asApiError, isAbort, type JsonValue } from '../../api';
import type { EvaluateAnswer } from '../api.gen';
import { evaluate, functionsOf, scopeOf } from './calls';
import './expressions.css';
import { offersAt, placeAt, type SourceKind } from './places';

const Editor = lazy(() => import('./Editor'));

const useStyles = makeStyles({
  field: { display: 'flex', flexDirection: 'column', gap: '2px', minWidth: 0 },
  waiting: { height: '32px', borderRadius: tokens.borderRadiusMedium, backgroundColor: tokens.colorNeutralBackground3 },
  below: { display: 'flex', gap: tokens.spacingHorizontalXS, alignItems: 'baseline', minHeight: '16px', minWidth: 0 },
  value: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground2,
    whiteSpace: 'nowrap',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    minWidth: 0,
  },
  open: { whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', maxHeight: '200px', overflowY: 'auto' },
  error: { color: tokens.colorPaletteRedForeground1, fontSize: tokens.fontSizeBase200, overflowWrap: 'anywhere' },
});

export interface ExpressionFieldProps {
  value: string;
  onChange: (value: string) => void;
  kind: SourceKind;
  label: string;
  /** The node whose scope the expression reads. */
  flow?: string | undefined;
  node?: string | undefined;
  /** Values that go before the recorded ones, such as `row` or the item of a mapping. */
  values?: { [name: string]: JsonValue } | undefined;
  placeholder?: string;
  multiline?: boolean;
  readOnly?: boolean;
  onBlur?: () => void;
}

/** Texts without any expression are not evaluated: their value is what stands there. */
function isPlain(kind: SourceKind, source: string): boolean {
  return source.trim() === '' || (kind === 'template' && !source.includes('{{'));
}

export function ExpressionField(props: ExpressionFieldProps): React.JSX.Element {
  const { value, kind, label, flow, node, values } = props;
  const styles = useStyles();
  const id = useId();
  const answer = useLiveValue(value, kind, flow, node, values);
  const scope = { flow, node, values };
  const latest = useRef(scope);
  latest.current = scope;

  const offers = useCallback(
    async (text: string, position: number) => {
      const place = placeAt(text, position, kind);
      if (place.kind === 'outside') return { from: position, offers: [] };
      const { flow: ofFlow, node: ofNode, values: given } = latest.current;
      const [names, functions] = await Promise.all([scopeOf(ofFlow, ofNode, given), functionsOf()]);
      return { from: place.from, offers: offersAt(place, names, functions) };
    },
    [kind],
  );

  const problem = answer?.error ? { message: answer.error, position: answer.position ?? 0 } : null;
  return (
    <div className={styles.field}>
      <Suspense fallback={<div className={styles.waiting} />}>
        <Editor
          value={value}
          onChange={props.onChange}
          kind={kind}
          label={label}
          describedBy={`${id}-below`}
          offers={offers}
          problem={problem}
          {...(props.placeholder ? { placeholder: props.placeholder } : {})}
          {...(props.multiline ? { multiline: true } : {})}
          {...(props.readOnly ? { readOnly: true } : {})}
          {...(props.onBlur ? { onBlur: props.onBlur } : {})}
        />
      </Suspense>
      <div id={`${id}-below`} className={styles.below} aria-live="polite">
        {answer && <LiveValue answer={answer} />}
      </div>
    </div>
  );
}

function LiveValue({ answer }: { answer: EvaluateAnswer }): React.JSX.Element {
  const styles = useStyles();
  const [open, setOpen] = useState(false);
  if (answer.error) return <span className={styles.error}>{answer.error}</span>;
  if (answer.missing) return <span className={styles.value}>= nothing yet: no value is known here</span>;
  const text = JSON.stringify(answer.value, null, open ? 2 : undefined);
  return (
    <>
      <span className={mergeClasses(styles.value, open && styles.open)} title={open ? undefined : 'The value now'}>
        = {text}
      </span>
      {text.length > 60 && (
        <Button size="small" appearance="transparent" aria-expanded={open} onClick={() => setOpen(!open)}>
          <Text size={200}>{open ? 'Less' : 'More'}</Text>
        </Button>
      )}
    </>
  );
}

function useLiveValue(
  source: string,
  kind: SourceKind,
  flow: string | undefined,
  node: string | undefined,
  values: { [name: string]: JsonValue } | undefined,
): EvaluateAnswer | null {
  const [answer, setAnswer] = useState<EvaluateAnswer | null>(null);
  useEffect(() => {
    if (isPlain(kind, source)) {
      setAnswer(null);
      return undefined;
    }
    const controller = new AbortController();
    const timer = window.setTimeout(() => {
      evaluate({ source, kind, flow: flow ?? null, node: node ?? null, values: values ?? {} }, controller.signal)
        .then(setAnswer)
        .catch((reason: unknown) => {
          if (!isAbort(reason)) {
            const told = asApiError(reason).message;
            setAnswer({ value: null, missing: false, error: told, position: null, reads: [] });
          }
        });
    }, 250);
    return () => {
      window.clearTimeout(timer);
      controller.abort();
    };
  }, [source, kind, flow, node, values]);
  return answer;
}
