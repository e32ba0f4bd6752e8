/** Rows in an order that a person may change: by dragging a row's handle, or with its arrow keys. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { ReOrderDotsVertical20Regular } from '@fluentui/react-icons';
import { useRef, useState } from 'react';

const useStyles = makeStyles({
  rows: { listStyleType: 'none', margin: 0, padding: 0, display: 'flex', flexDirection: 'column', gap: '6px' },
  row: { display: 'flex', alignItems: 'flex-start', gap: '4px', minWidth: 0, borderTop: '2px solid transparent' },
  target: { borderTopColor: tokens.colorBrandStroke1 },
  dragged: { opacity: 0.5 },
  handle: {
    display: 'flex',
    alignItems: 'center',
    flexShrink: 0,
    height: '32px',
    padding: '0 2px',
    border: 'none',
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: 'transparent',
    color: tokens.colorNeutralForeground3,
    cursor: 'grab',
    ':hover': { color: tokens.colorNeutralForeground1, backgroundColor: tokens.colorSubtleBackgroundHover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  said: { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' },
});

/** The items with one of them at another place. */
export function moved<Item>(items: Item[], from: number, to: number): Item[] {
  const next = items.filter((_, index) => index !== from);
  next.splice(to, 0, items[from]!);
  return next;
}

export function Sortable<Item>(props: {
  items: Item[];
  /** What the rows are called together. */
  label?: string;
  /** What a row is called to people who do not see it. */
  titleOf: (item: Item, index: number) => string;
  keyOf?: (item: Item, index: number) => React.Key;
  onChange: (next: Item[]) => void;
  render: (item: Item, index: number) => React.ReactNode;
}): React.JSX.Element {
  const { items, label, titleOf, keyOf, onChange, render } = props;
  const styles = useStyles();
  const list = useRef<HTMLUListElement>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const [target, setTarget] = useState<number | null>(null);
  const [said, setSaid] = useState('');
  const move = (from: number, to: number): void => {
    if (to < 0 || to >= items.length || to === from) return;
    setSaid(`${titleOf(items[from]!, from)} is now ${to + 1} of ${items.length}.`);
    onChange(moved(items, from, to));
    requestAnimationFrame(() => {
      list.current?.children[to]?.querySelector<HTMLElement>('[data-handle]')?.focus();
    });
  };
  const end = (): void => {
    setDragged(null);
    setTarget(null);
  };
  return (
    <>
      <ul ref={list} className={styles.rows} aria-label={label}>
        {items.map((item, index) => (
          <li
            key={keyOf?.(item, index) ?? index}
            className={mergeClasses(
              styles.row,
              target === index && dragged !== index && styles.target,
              dragged === index && styles.dragged,
            )}
            onDragOver={(event) => {
              if (dragged === null) return;
              event.preventDefault();
              setTarget(index);
            }}
            onDrop={(event) => {
              if (dragged === null) return;
              event.preventDefault();
              // The mark stands above the row: coming from above, that is one place earlier.
              move(dragged, dragged < index ? index - 1 : index);
              end();
            }}
          >
            <button
              type="button"
              data-handle
              className={styles.handle}
              draggable
              aria-label={`Move ${titleOf(item, index)} with the arrow keys`}
              title="Drag, or use the arrow keys"
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = 'move';
                event.dataTransfer.setData('text/plain', '');
                setDragged(index);
              }}
              onDragEnd={end}
              onKeyDown={(event) => {
                if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
                event.preventDefault();
                move(index, index + (event.key === 'ArrowUp' ? -1 : 1));
              }}
            >
              <ReOrderDotsVertical20Regular aria-hidden />
            </button>
            {render(item, index)}
          </li>
        ))}
        {dragged !== null && (
          <li
            aria-hidden
            className={mergeClasses(styles.row, target === items.length && styles.target)}
            onDragOver={(event) => {
              event.preventDefault();
              setTarget(items.length);
            }}
            onDrop={(event) => {
              event.preventDefault();
              move(dragged, items.length - 1);
              end();
            }}
          >
            &nbsp;
          </li>
        )}
      </ul>
      <span role="status" className={styles.said}>
        {said}
      </span>
    </>
  );
}
