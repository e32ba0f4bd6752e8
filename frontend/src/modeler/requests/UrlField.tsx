/** The address of a request: Graph's paths are completed as one types; what stands in braces is asked for. */
import { Button, Combobox, Field, makeStyles, Option, Text, tokens } from '@fluentui/react-components';
import { Checkmark20Regular } from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import { completePath, isAbort, type JsonValue } from '../api';
import { type BindingScope, ValueField } from './ValueField';

const useStyles = makeStyles({
  url: { width: '100%', minWidth: 0, '& input': { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase300 } },
  list: { maxHeight: '320px' },
  path: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
  gaps: { display: 'flex', flexDirection: 'column', gap: '6px', paddingTop: '6px' },
  gap: { display: 'flex', gap: '4px', alignItems: 'end' },
  wide: { flexGrow: 1, minWidth: 0 },
});

const gapPattern = /(?<!\{)\{([^{}]+)\}(?!\})/;

/** What is still to be filled in: `{id}` of a path that was completed. */
export function gapsOf(url: string): string[] {
  return [...url.matchAll(new RegExp(gapPattern, 'g'))].map(([, name]) => name!);
}

/** The URL with a gap filled: a fixed value as one segment, a binding as it is. */
export function withGap(url: string, gap: string, value: JsonValue): string {
  const text = String(value ?? '').trim();
  return url.replace(`{${gap}}`, () => (text.startsWith('{{') ? text : encodeURIComponent(text).replace(/%40/g, '@')));
}

export function UrlField(props: {
  url: string;
  method: string;
  onChange: (url: string) => void;
  onSend: () => void;
}): React.JSX.Element {
  const { url, method, onChange, onSend } = props;
  const styles = useStyles();
  const [open, setOpen] = useState(false);
  const [typing, setTyping] = useState(false);
  const paths = usePaths(url, method, typing);
  return (
    <Combobox
      className={styles.url}
      aria-label="URL"
      placeholder="/me/events or https://…"
      freeform
      expandIcon={null}
      value={url}
      selectedOptions={[]}
      open={open && paths.length > 0}
      onOpenChange={(_, data) => setOpen(data.open && typing)}
      onChange={(event) => {
        setTyping(true);
        setOpen(true);
        onChange(event.target.value);
      }}
      onBlur={() => setTyping(false)}
      onOptionSelect={(_, data) => {
        if (data.optionValue) onChange(data.optionValue);
        setTyping(false);
        setOpen(false);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || !open || paths.length === 0)) {
          event.preventDefault();
          onSend();
        }
      }}
      listbox={{ className: styles.list }}
    >
      {paths.map((path) => (
        <Option key={path} value={path} text={path} checkIcon={null}>
          <span className={styles.path}>{path}</span>
        </Option>
      ))}
    </Combobox>
  );
}

function usePaths(url: string, method: string, typing: boolean): string[] {
  const [paths, setPaths] = useState<string[]>([]);
  useEffect(() => {
    if (!typing || !url.startsWith('/') || url.includes('{{')) {
      setPaths([]);
      return undefined;
    }
    const abort = new AbortController();
    const timer = setTimeout(() => {
      completePath(url, method, abort.signal).then(
        (answer) => setPaths(answer.paths.filter((path) => path !== url).slice(0, 30)),
        // Without completion the address can still be typed.
        (problem: unknown) => void (isAbort(problem) || setPaths([])),
      );
    }, 120);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [url, method, typing]);
  return paths;
}

/** Asks for the parts of a path that are still open. */
export function UrlGaps(props: { url: string; scope: BindingScope; onChange: (url: string) => void }): React.JSX.Element | null {
  const { url, scope, onChange } = props;
  const styles = useStyles();
  const gaps = gapsOf(url);
  if (gaps.length === 0) return null;
  return (
    <div className={styles.gaps}>
      <Text size={200}>Parts of the address that are still open:</Text>
      {gaps.map((gap) => <Gap key={gap} gap={gap} scope={scope} onFill={(value) => onChange(withGap(url, gap, value))} />)}
    </div>
  );
}

function Gap(props: { gap: string; scope: BindingScope; onFill: (value: JsonValue) => void }): React.JSX.Element {
  const { gap, scope, onFill } = props;
  const styles = useStyles();
  const [value, setValue] = useState<JsonValue>('');
  return (
    <form
      className={styles.gap}
      onSubmit={(event) => {
        event.preventDefault();
        if (value !== '') onFill(value);
      }}
    >
      <Field label={gap} className={styles.wide}>
        <ValueField
          label={gap}
          value={value}
          scope={scope}
          onChange={(next) => (String(next).startsWith('{{') ? onFill(next) : setValue(next))}
        />
      </Field>
      <Button type="submit" icon={<Checkmark20Regular />} aria-label={`Use this ${gap}`} disabled={value === ''} />
    </form>
  );
}
