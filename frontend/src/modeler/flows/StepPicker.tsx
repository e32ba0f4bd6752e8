/**
 * The list that opens at "+", at an edge and with "/": what makes sense here, then every type of node,
 * then nodes that are there to lead to. One search over all of it; arrow keys and Enter.
 */
import { makeStyles, mergeClasses, Popover, PopoverSurface, SearchBox, Text, tokens } from '@fluentui/react-components';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { KindWire } from '../api.gen';
import type { Spot } from './canvasState';
import { KindTile } from './kindIcons';

export interface Choice {
  id: string;
  section: string;
  title: string;
  summary: string;
  type: string;
  group: string;
  act: () => void;
}

interface StepPickerProps {
  title: string;
  spot: Spot;
  choices: Choice[];
  onClose: () => void;
}

const useStyles = makeStyles({
  surface: { padding: '12px 8px 8px', width: '340px', maxWidth: 'calc(100vw - 24px)', boxSizing: 'border-box' },
  head: { padding: '0 8px 8px', display: 'grid', gap: '8px' },
  search: { width: '100%', maxWidth: 'none' },
  list: { maxHeight: '380px', overflowY: 'auto', padding: 0, margin: 0 },
  section: { padding: '8px 8px 4px', color: tokens.colorNeutralForeground3 },
  choice: {
    display: 'flex', alignItems: 'center', gap: '10px', padding: '6px 8px', borderRadius: tokens.borderRadiusMedium, cursor: 'pointer',
  },
  active: { backgroundColor: tokens.colorNeutralBackground1Hover, outline: `1px solid ${tokens.colorNeutralStroke1}` },
  words: { minWidth: 0 },
  line: { display: 'block', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  quiet: { color: tokens.colorNeutralForeground3 },
  none: { padding: '12px 8px' },
});

export function choicesOfKinds(kinds: Iterable<KindWire>, act: (kind: KindWire) => void): Choice[] {
  return [...kinds].map((kind) => ({
    id: `type:${kind.type}`, section: kind.group, title: kind.title, summary: kind.summary, type: kind.type, group: kind.group,
    act: () => act(kind),
  }));
}

export function StepPicker({ title, spot, choices, onClose }: StepPickerProps): React.JSX.Element {
  const styles = useStyles();
  const id = useId();
  const [query, setQuery] = useState('');
  const [index, setIndex] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const found = useMemo(() => {
    const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
    return choices.filter((choice) => {
      const text = `${choice.title} ${choice.summary} ${choice.type} ${choice.section}`.toLowerCase();
      return wanted.every((word) => text.includes(word));
    });
  }, [choices, query]);
  const active = Math.min(index, found.length - 1);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [active, query]);

  const choose = (choice: Choice | undefined): void => {
    if (!choice) return;
    onClose();
    choice.act();
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setIndex(Math.min(active + 1, found.length - 1));
    else if (event.key === 'ArrowUp') setIndex(Math.max(active - 1, 0));
    else if (event.key === 'Enter') choose(found[active]);
    else return;
    event.preventDefault();
  };
  const target = useMemo(
    () => ({ getBoundingClientRect: () => ({ x: spot.x, y: spot.y, left: spot.x, right: spot.x, top: spot.y, bottom: spot.y, width: 0, height: 0 }) }),
    [spot],
  );
  return (
    <Popover open trapFocus positioning={{ target, position: 'after', align: 'top', overflowBoundaryPadding: 12 }} onOpenChange={(_, data) => !data.open && onClose()}>
      <PopoverSurface className={styles.surface} aria-label={title}>
        <div className={styles.head}>
          <Text weight="semibold">{title}</Text>
          <SearchBox
            className={styles.search}
            placeholder="Search"
            aria-label="Search steps"
            role="combobox"
            aria-expanded
            aria-controls={id}
            aria-activedescendant={found[active] ? `${id}-${active}` : undefined}
            value={query}
            onChange={(_, data) => {
              setQuery(data.value);
              setIndex(0);
            }}
            onKeyDown={onKeyDown}
          />
        </div>
        <div ref={list} id={id} role="listbox" aria-label={title} className={styles.list} tabIndex={-1}>
          {found.map((choice, position) => (
            <div key={choice.id} role="presentation">
              {choice.section !== found[position - 1]?.section && (
                <Text role="presentation" as="span" block size={200} weight="semibold" className={styles.section}>{choice.section}</Text>
              )}
              <div
                role="option"
                id={`${id}-${position}`}
                aria-selected={position === active}
                className={mergeClasses(styles.choice, position === active && styles.active)}
                onMouseMove={() => setIndex(position)}
                onClick={() => choose(choice)}
              >
                <KindTile type={choice.type} group={choice.group} small />
                <span className={styles.words}>
                  <Text className={styles.line}>{choice.title}</Text>
                  <Text size={200} className={mergeClasses(styles.line, styles.quiet)}>{choice.summary}</Text>
                </span>
              </div>
            </div>
          ))}
        </div>
        {found.length === 0 && <Text block className={styles.none}>Nothing is called that.</Text>}
      </PopoverSurface>
    </Popover>
  );
}
