/**
 * The page as the portal would show it, in a frame of its own so that a phone's width is a phone's
 * width. The frame loads `/preview`, which shows the portal's own views over an example's rows.
 */
import { Button, Dropdown, makeStyles, mergeClasses, Option, Spinner, Text, tokens, ToggleButton } from '@fluentui/react-components';
import { ArrowClockwise20Regular, Desktop20Regular, Phone20Regular } from '@fluentui/react-icons';
import { useEffect, useMemo, useRef, useState } from 'react';
import { type ApiError, asApiError, getTries, isAbort, type JsonValue, type PagePreview, previewPage, type TryWire, userTimeZone } from '../api';
import { useEvent } from '../events';

const useStyles = makeStyles({
  preview: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS, minHeight: 0, minWidth: 0, flexGrow: 1 },
  bar: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS, flexWrap: 'wrap' },
  grow: { flexGrow: 1 },
  stage: {
    flexGrow: 1,
    minHeight: '320px',
    display: 'flex',
    padding: tokens.spacingHorizontalM,
    backgroundColor: tokens.colorNeutralBackground4,
    borderRadius: tokens.borderRadiusLarge,
    // Not `hidden`: what gets the focus in the frame would scroll it.
    overflow: 'clip',
  },
  centred: { justifyContent: 'center', overflow: 'auto' },
  frame: {
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    width: '100%',
    height: '100%',
    minHeight: '300px',
    flexShrink: 0,
    transformOrigin: 'top left',
  },
  phone: { width: '390px', flexShrink: 0, height: '760px', borderRadius: '24px', boxShadow: tokens.shadow16 },
  told: { margin: 'auto', maxWidth: '46ch', textAlign: 'center', color: tokens.colorNeutralForeground2 },
  rows: { color: tokens.colorNeutralForeground2 },
});

const noExample = '';
const desktopWidth = 1100;

/** A request that was tried, without its host and its query. */
function shortly({ method, url }: { method: string; url: string }): string {
  return `${method} ${url.replace(/^https?:\/\/[^/]+|\?.*$/g, '')}`;
}

export function Preview(props: { name: string; value: JsonValue; importName: string | null }): React.JSX.Element {
  const { name, value, importName } = props;
  const styles = useStyles();
  const tries = useExamples();
  const [example, setExample] = useState<string | null>(null);
  const [phone, setPhone] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const chosen = example ?? tries[0]?.example ?? noExample;
  const { preview, error, waiting } = usePreview(name, value, chosen, importName, attempt);
  const step = preview?.step as { instance: string; step: number } | undefined;
  const chosenTry = tries.find((one) => one.example === chosen);
  const { stage, shrunk } = useShrunk();
  const source = step ? `/preview/${encodeURIComponent(step.instance)}/${step.step}` : null;
  return (
    <section className={styles.preview} aria-label="Preview">
      <div className={styles.bar}>
        <Text weight="semibold">Preview</Text>
        {waiting && <Spinner size="tiny" aria-label="The preview is drawn" />}
        <span className={styles.grow} />
        <Dropdown
          size="small"
          aria-label="Rows of the preview"
          value={chosenTry ? shortly(chosenTry) : 'no example'}
          selectedOptions={[chosen]}
          onOptionSelect={(_, data) => setExample(data.optionValue ?? noExample)}
        >
          {tries.map((one) => (
            <Option key={one.id} value={one.example ?? ''} text={shortly(one)}>
              {shortly(one)}
            </Option>
          ))}
          <Option value={noExample} text="no example">no example</Option>
        </Dropdown>
        <ToggleButton size="small" appearance="subtle" icon={<Desktop20Regular />} checked={!phone} aria-label="As on a desktop" onClick={() => setPhone(false)} />
        <ToggleButton size="small" appearance="subtle" icon={<Phone20Regular />} checked={phone} aria-label="As on a phone" onClick={() => setPhone(true)} />
        <Button size="small" appearance="subtle" icon={<ArrowClockwise20Regular />} aria-label="Draw the preview again" onClick={() => setAttempt(attempt + 1)} />
      </div>
      {preview && <Text size={200} className={styles.rows}>Rows: {preview.rows_from}</Text>}
      <div className={mergeClasses(styles.stage, phone && styles.centred)} ref={stage}>
        {source && !error && (
          <iframe
            key={source}
            src={source}
            title={`Preview of the page ${name}`}
            className={mergeClasses(styles.frame, phone && styles.phone)}
            style={phone ? undefined : shrunk}
          />
        )}
        {error && (
          <Text className={styles.told} role="status">
            {error.message} {error.hint}
          </Text>
        )}
        {!source && !error && !waiting && <Text className={styles.told}>There is nothing to show yet.</Text>}
      </div>
    </section>
  );
}

/** A desktop's width, made as small as the stage: else the page would take itself for a phone's. */
function useShrunk(): { stage: React.RefObject<HTMLDivElement | null>; shrunk: React.CSSProperties } {
  const stage = useRef<HTMLDivElement>(null);
  const [shrunk, setShrunk] = useState<React.CSSProperties>({});
  useEffect(() => {
    const element = stage.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => {
      const style = getComputedStyle(element);
      const width = element.clientWidth - 2 * parseFloat(style.paddingLeft);
      const height = element.clientHeight - 2 * parseFloat(style.paddingTop);
      const scale = Math.min(1, width / desktopWidth);
      setShrunk({ width: `${width / scale}px`, height: `${height / scale}px`, transform: `scale(${scale})` });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { stage, shrunk };
}

/** Tries whose answer can be read as rows, newest first. */
function useExamples(): TryWire[] {
  const [tries, setTries] = useState<TryWire[]>([]);
  const [version, setVersion] = useState(0);
  useEvent('try', () => setVersion((count) => count + 1));
  useEffect(() => {
    const controller = new AbortController();
    getTries(controller.signal)
      .then((history) => setTries(history.tries.filter((one) => one.example !== null)))
      // Without a history there is simply nothing to choose; the preview says what it shows.
      .catch(() => undefined);
    return () => controller.abort();
  }, [version]);
  return tries;
}

function usePreview(
  name: string,
  value: JsonValue,
  example: string,
  importName: string | null,
  attempt: number,
): { preview: PagePreview | null; error: ApiError | null; waiting: boolean } {
  const [state, setState] = useState<{ preview: PagePreview | null; error: ApiError | null }>({ preview: null, error: null });
  const [waiting, setWaiting] = useState(false);
  const key = useMemo(() => JSON.stringify(value), [value]);
  useEffect(() => {
    const controller = new AbortController();
    setWaiting(true);
    const timer = window.setTimeout(() => {
      previewPage(
        { name, value: JSON.parse(key) as JsonValue, example: example || null, import_name: importName, time_zone: userTimeZone },
        controller.signal,
      )
        .then((preview) => setState({ preview, error: null }))
        .catch((reason: unknown) => {
          if (!isAbort(reason)) setState((before) => ({ ...before, error: asApiError(reason) }));
        })
        .finally(() => {
          if (!controller.signal.aborted) setWaiting(false);
        });
    }, 400);
    return () => {
      window.clearTimeout(timer);
      controller.abort();
    };
  }, [name, key, example, importName, attempt]);
  return { ...state, waiting };
}
