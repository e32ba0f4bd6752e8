/** A list that is put in order by drag or by keyboard (Alt and an arrow, or the menu's buttons). */
import { Button, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { ArrowDown16Regular, ArrowUp16Regular, ReOrderDotsVertical20Regular } from '@fluentui/react-icons';
import { useState } from 'react';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0, display: 'flex', flexDirection: 'column', gap: '2px' },
  item: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXS,
    borderRadius: tokens.borderRadiusMedium,
    padding: '2px 4px 2px 0',
    minWidth: 0,
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
  },
  over: { boxShadow: `0 -2px 0 ${tokens.colorBrandStroke1}` },
  grip: { cursor: 'grab', color: tokens.colorNeutralForeground3, display: 'flex' },
  body: { flexGrow: 1, minWidth: 0 },
});

export function OrderedList<Item>(props: {
  label: string;
  items: Item[];
  keyOf: (item: Item) => string;
  nameOf: (item: Item) => string;
  move: (from: number, to: number) => void;
  children: (item: Item, index: number) => React.ReactNode;
}): React.JSX.Element {
  const { label, items, keyOf, nameOf, move, children } = props;
  const styles = useStyles();
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const end = (): void => {
    setDragged(null);
    setOver(null);
  };
  return (
    <ul className={styles.list} aria-label={label}>
      {items.map((item, index) => (
        <li
          key={keyOf(item)}
          className={mergeClasses(styles.item, over === index && dragged !== null && styles.over)}
          onDragOver={(event) => {
            if (dragged === null) return;
            event.preventDefault();
            setOver(index);
          }}
          onDrop={(event) => {
            event.preventDefault();
            if (dragged !== null) move(dragged, index);
            end();
          }}
          onKeyDown={(event) => {
            if (!event.altKey || !['ArrowUp', 'ArrowDown'].includes(event.key)) return;
            event.preventDefault();
            move(index, index + (event.key === 'ArrowUp' ? -1 : 1));
          }}
        >
          <span
            className={styles.grip}
            draggable
            aria-hidden
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = 'move';
              event.dataTransfer.setData('text/plain', nameOf(item));
              setDragged(index);
            }}
            onDragEnd={end}
          >
            <ReOrderDotsVertical20Regular />
          </span>
          <div className={styles.body}>{children(item, index)}</div>
          <Button
            size="small"
            appearance="subtle"
            icon={<ArrowUp16Regular />}
            aria-label={`Move ${nameOf(item)} up`}
            disabled={index === 0}
            onClick={() => move(index, index - 1)}
          />
          <Button
            size="small"
            appearance="subtle"
            icon={<ArrowDown16Regular />}
            aria-label={`Move ${nameOf(item)} down`}
            disabled={index === items.length - 1}
            onClick={() => move(index, index + 1)}
          />
        </li>
      ))}
    </ul>
  );
}
