/** The table: rows of a list, sorted, filtered and searched by the server, drawn as they scroll into sight. */
import {
  Button,
  makeStyles,
  Menu,
  MenuItem,
  MenuItemLink,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Text,
  tokens,
} from '@fluentui/react-components';
import { ArrowDownload20Regular } from '@fluentui/react-icons';
import { type Filter, type RowsQuery, rowsUrl } from '@graphwright/api';
import { useConfirmedExits } from '@graphwright/components/ConfirmedExits';
import { useSearch } from '@graphwright/components/useSearch';
import { type PageViewProps, rowActions } from '@graphwright/pageType';
import { useRows } from '@graphwright/useRows';
import { useMemo, useState } from 'react';
import type { Column } from './ColumnFilter';
import { Grid } from './Grid';

export const keepAcrossSteps = true;

interface TableView {
  list: string;
  columns: Column[];
  default_sort?: string | null;
  search: boolean;
}

const useStyles = makeStyles({
  frame: { flexGrow: 1, minHeight: 0, display: 'flex', flexDirection: 'column' },
  toolbar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: '8px',
    padding: `0 ${tokens.spacingHorizontalXXL} ${tokens.spacingVerticalM}`,
    '@media (max-width: 640px)': { paddingInline: '16px' },
  },
  search: { width: '320px', maxWidth: '100%' },
  grow: { flexGrow: 1 },
  count: { color: tokens.colorNeutralForeground2 },
});

export default function TablePage(props: PageViewProps<TableView>): React.JSX.Element {
  const { page, address, busy, exit } = props;
  const { view } = page;
  const styles = useStyles();
  const { run, dialog } = useConfirmedExits({ address, exit });
  const { search, box } = useSearch(page.title, styles.search);
  const [sort, setSort] = useState(view.default_sort ?? '');
  const [filters, setFilters] = useState<Filter[]>([]);

  const query = useMemo<RowsQuery>(
    () => ({ sort, filter: filters, search }),
    [sort, filters, search],
  );
  const rows = useRows(address, query);
  const narrowed = filters.length > 0 || search !== '';

  return (
    <div className={styles.frame}>
      <div className={styles.toolbar}>
        {view.search && box}
        {filters.length > 0 && (
          <Button appearance="subtle" onClick={() => setFilters([])}>
            Clear {filters.length === 1 ? 'filter' : `${filters.length} filters`}
          </Button>
        )}
        <span className={styles.grow} />
        <Text size={200} className={styles.count} role="status">
          {rows.total === null ? '' : `${rows.total.toLocaleString()} ${rows.total === 1 ? 'row' : 'rows'}`}
        </Text>
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <Button appearance="subtle" icon={<ArrowDownload20Regular />}>
              Download
            </Button>
          </MenuTrigger>
          <MenuPopover>
            <MenuList>
              <MenuItemLink href={rowsUrl(address, query, '.csv')} download={`${view.list}.csv`}>
                CSV
              </MenuItemLink>
              <MenuItemLink href={rowsUrl(address, query, '.json')} download={`${view.list}.json`}>
                JSON
              </MenuItemLink>
              {narrowed && <MenuItem disabled>Only the rows shown</MenuItem>}
            </MenuList>
          </MenuPopover>
        </Menu>
      </div>
      <Grid
        label={page.title}
        columns={view.columns}
        rows={rows}
        sort={sort}
        onSort={setSort}
        filters={filters}
        onFilters={setFilters}
        narrowed={narrowed}
        actions={rowActions(page.actions)}
        busy={busy}
        onAction={(action, row) => void run(action, row._key, row)}
      />
      {dialog}
    </div>
  );
}
