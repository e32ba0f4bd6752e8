/** The icon and the colour of a node type. */
import { makeStyles, mergeClasses } from '@fluentui/react-components';
import {
  ArrowExportLtr20Filled, ArrowRepeatAll20Filled, Braces20Filled, BranchFork20Filled, DatabaseArrowDown20Filled,
  Flag20Filled, Flow20Filled, type FluentIcon, Note20Filled, PersonKey20Filled, PlugConnected20Filled,
  PuzzlePiece20Filled, Window20Filled,
} from '@fluentui/react-icons';
import { memo } from 'react';

const icons: Record<string, FluentIcon> = {
  authenticate: PersonKey20Filled,
  http_request: PlugConnected20Filled,
  import_data: DatabaseArrowDown20Filled,
  export_data: ArrowExportLtr20Filled,
  page: Window20Filled,
  decision: BranchFork20Filled,
  assign: Braces20Filled,
  loop: ArrowRepeatAll20Filled,
  subflow: Flow20Filled,
  end: Flag20Filled,
  note: Note20Filled,
};

/** By group, so that a new type looks at home; all dark enough for a white icon. */
export const groupColors: Record<string, string> = {
  'Microsoft 365': '#0f6cbd',
  Data: '#0e7a41',
  User: '#7a4fb5',
  Flow: '#a8541a',
  Canvas: '#6b6352',
};

const useStyles = makeStyles({
  tile: {
    flexShrink: 0,
    display: 'grid',
    placeItems: 'center',
    width: '36px',
    height: '36px',
    borderRadius: '8px',
    color: '#ffffff',
    backgroundColor: '#5c6470',
    backgroundImage: 'linear-gradient(145deg, rgba(255,255,255,0.18), rgba(255,255,255,0) 60%)',
  },
  small: { width: '28px', height: '28px', borderRadius: '6px' },
  m365: { backgroundColor: groupColors['Microsoft 365'] },
  data: { backgroundColor: groupColors.Data },
  user: { backgroundColor: groupColors.User },
  flow: { backgroundColor: groupColors.Flow },
  canvas: { backgroundColor: groupColors.Canvas },
  end: { backgroundColor: '#5c6470' },
});

/** A coloured tile with the icon of a node type. */
export const KindTile = memo(function KindTile({ type, group, small }: { type: string; group: string; small?: boolean }) {
  const styles = useStyles();
  const Icon = icons[type] ?? PuzzlePiece20Filled;
  const colors: Record<string, string> = {
    'Microsoft 365': styles.m365, Data: styles.data, User: styles.user, Flow: styles.flow, Canvas: styles.canvas,
  };
  return (
    <span aria-hidden className={mergeClasses(styles.tile, small && styles.small, type === 'end' ? styles.end : colors[group])}>
      <Icon />
    </span>
  );
});
