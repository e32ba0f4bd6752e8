/** Names with values, each of which can be switched off: query parameters, headers, fields of a form. */
import {
  Button, Checkbox, Input, makeStyles, Menu, MenuButton, MenuDivider, MenuItem, MenuList, MenuPopover, MenuTrigger, Text, tokens,
} from '@fluentui/react-components';
import { Add20Regular, Dismiss20Regular } from '@fluentui/react-icons';
import { useId, useMemo, useState } from 'react';
import type { JsonValue } from '../api';
import type { KnownName } from './knownNames';
import { mergeRows, type Pair, pairsOf, pairsValue } from './model';
import { type BindingScope, ValueField } from './ValueField';

const useStyles = makeStyles({
  rows: { listStyleType: 'none', margin: 0, padding: 0, display: 'flex', flexDirection: 'column', gap: '4px' },
  row: {
    display: 'grid',
    gridTemplateColumns: '32px minmax(90px, 2fr) minmax(120px, 4fr) 32px',
    alignItems: 'center',
    gap: '4px',
    '@container (max-width: 420px)': { gridTemplateColumns: '32px minmax(0, 1fr) 32px' },
  },
  value: {
    display: 'flex',
    minWidth: 0,
    '@container (max-width: 420px)': { gridColumnStart: 2, gridColumnEnd: 3, gridRowStart: 2 },
  },
  name: { minWidth: 0, '& input': { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 } },
  none: { color: tokens.colorNeutralForeground2 },
  add: { alignSelf: 'flex-start' },
  table: { display: 'flex', flexDirection: 'column', gap: '8px' },
});

export function PairsTable(props: {
  /** One of them, such as "parameter". */
  one: string;
  value: JsonValue | undefined;
  known: KnownName[];
  /** A name stands there once at most. */
  unique?: boolean;
  scope: BindingScope;
  onChange: (value: JsonValue | undefined) => void;
}): React.JSX.Element {
  const { one, value, known, unique = false, scope, onChange } = props;
  const styles = useStyles();
  const listId = useId();
  const [kept, setKept] = useState<Pair[]>(() => pairsOf(value));
  const rows = useMemo(() => mergeRows(kept, value, unique), [kept, value, unique]);
  const [added, setAdded] = useState(-1);
  const set = (next: Pair[]): void => {
    setKept(next);
    onChange(pairsValue(next, unique));
  };
  const change = (index: number, part: Partial<Pair>): void => set(rows.map((row, at) => (at === index ? { ...row, ...part } : row)));
  const add = (pair: Pair): void => {
    setAdded(rows.length);
    set([...rows, pair]);
  };
  const left = known.filter(({ name }) => !rows.some((row) => row.name.toLowerCase() === name.toLowerCase()));
  return (
    <div className={styles.table}>
      {rows.length === 0 && <Text size={200} className={styles.none}>None.</Text>}
      <ul className={styles.rows}>
        {rows.map((row, index) => (
          <li key={index} className={styles.row}>
            <Checkbox checked={row.on} aria-label={`Send ${row.name || `${one} ${index + 1}`}`} onChange={(_, data) => change(index, { on: !!data.checked })} />
            <Input
              className={styles.name}
              aria-label={`Name of ${one} ${index + 1}`}
              list={listId}
              value={row.name}
              placeholder="Name"
              autoFocus={index === added && row.name === ''}
              onChange={(_, data) => change(index, { name: data.value })}
            />
            <div className={styles.value}>
              <ValueField
                label={row.name || `Value of ${one} ${index + 1}`}
                value={row.value}
                scope={scope}
                disabled={!row.on}
                placeholder={row.value === null ? 'Left out' : 'Value'}
                onChange={(next) => change(index, { value: next })}
              />
            </div>
            <Button
              appearance="subtle"
              icon={<Dismiss20Regular />}
              aria-label={`Remove ${row.name || `${one} ${index + 1}`}`}
              onClick={() => set(rows.filter((_, at) => at !== index))}
            />
          </li>
        ))}
      </ul>
      <datalist id={listId}>{known.map(({ name }) => <option key={name} value={name} />)}</datalist>
      {left.length === 0 ? (
        <Button className={styles.add} size="small" icon={<Add20Regular />} onClick={() => add({ name: '', value: '', on: true })}>Add a {one}</Button>
      ) : (
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <MenuButton className={styles.add} size="small" icon={<Add20Regular />}>Add a {one}</MenuButton>
          </MenuTrigger>
          <MenuPopover>
            <MenuList>
              {left.map(({ name, hint, value: first }) => (
                <MenuItem key={name} subText={hint} onClick={() => add({ name, value: first, on: true })}>{name}</MenuItem>
              ))}
              <MenuDivider />
              <MenuItem onClick={() => add({ name: '', value: '', on: true })}>Another one</MenuItem>
            </MenuList>
          </MenuPopover>
        </Menu>
      )}
    </div>
  );
}
