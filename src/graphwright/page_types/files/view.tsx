/** Folders and files: the path above, the rows, uploads by a button or by dropping files. */
import {
  Breadcrumb,
  BreadcrumbButton,
  BreadcrumbDivider,
  BreadcrumbItem,
  Button,
  makeStyles,
  mergeClasses,
  Text,
  tokens,
} from '@fluentui/react-components';
import { ArrowUpload20Regular } from '@fluentui/react-icons';
import type { RowsQuery } from '@graphwright/api';
import { useConfirmedExits } from '@graphwright/components/ConfirmedExits';
import { useSearch } from '@graphwright/components/useSearch';
import { type PageViewProps, rowActions, takesExit } from '@graphwright/pageType';
import { useRows } from '@graphwright/useRows';
import { Fragment, useEffect, useMemo, useRef, useState } from 'react';
import { FileList } from './FileList';
import { UploadList, useUploads } from './UploadList';

export const keepAcrossSteps = true;

interface FilesView {
  path: string[];
  columns: { name: string; title: string; type: string }[];
  upload: boolean;
}

const useStyles = makeStyles({
  frame: { flexGrow: 1, minHeight: 0, display: 'flex', flexDirection: 'column' },
  dropping: { outline: `2px dashed ${tokens.colorBrandStroke1}`, outlineOffset: '-4px' },
  toolbar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: '8px',
    padding: '0 24px 12px',
    '@media (max-width: 640px)': { paddingInline: '16px' },
  },
  path: { flexGrow: 1, minWidth: 0, overflowX: 'auto' },
  search: { width: '240px', maxWidth: '100%' },
  count: { color: tokens.colorNeutralForeground2 },
});

export default function FilesPage(props: PageViewProps<FilesView>): React.JSX.Element {
  const { page, address, busy, exit } = props;
  const { path, columns, upload } = page.view;
  const styles = useStyles();
  const { run, dialog } = useConfirmedExits({ address, exit });
  const picker = useRef<HTMLInputElement>(null);
  const { search, box, clear } = useSearch(page.title, styles.search);
  const [dropping, setDropping] = useState(false);
  const place = path.join('/');

  useEffect(clear, [clear, place]);

  const query = useMemo<RowsQuery>(() => ({ search }), [search]);
  const rows = useRows(address, query);
  const uploads = useUploads(address, () => {
    if (takesExit(page, 'uploaded')) void exit('uploaded');
  });

  const isFiles = (event: React.DragEvent): boolean => upload && event.dataTransfer.types.includes('Files');
  return (
    <div
      className={mergeClasses(styles.frame, dropping && styles.dropping)}
      onDragOver={(event) => {
        if (!isFiles(event)) return;
        event.preventDefault();
        setDropping(true);
      }}
      onDragLeave={() => setDropping(false)}
      onDrop={(event) => {
        if (!isFiles(event)) return;
        event.preventDefault();
        setDropping(false);
        uploads.add(Array.from(event.dataTransfer.files));
      }}
    >
      <div className={styles.toolbar}>
        <Breadcrumb className={styles.path} aria-label="Path">
          {path.map((name, index) => (
            <Fragment key={index}>
              {index > 0 && <BreadcrumbDivider />}
              <BreadcrumbItem>
                <BreadcrumbButton
                  current={index === path.length - 1}
                  disabled={busy || !takesExit(page, 'go_to')}
                  onClick={() => {
                    if (index < path.length - 1) void exit('go_to', { index });
                  }}
                >
                  {name}
                </BreadcrumbButton>
              </BreadcrumbItem>
            </Fragment>
          ))}
        </Breadcrumb>
        <Text size={200} className={styles.count} role="status">
          {rows.total === null ? '' : `${rows.total.toLocaleString()} ${rows.total === 1 ? 'item' : 'items'}`}
        </Text>
        {box}
        {upload && (
          <>
            <input
              ref={picker}
              type="file"
              multiple
              hidden
              aria-label="Files to upload"
              onChange={(event) => {
                uploads.add(Array.from(event.target.files ?? []));
                event.target.value = '';
              }}
            />
            <Button
              appearance="primary"
              icon={<ArrowUpload20Regular />}
              onClick={() => picker.current?.click()}
            >
              Upload
            </Button>
          </>
        )}
      </div>
      <UploadList {...uploads} />
      <FileList
        label={page.title}
        address={address}
        rows={rows}
        narrowed={search !== ''}
        busy={busy}
        actions={rowActions(page.actions)}
        modifiedType={columns.find(({ name }) => name === 'modified')?.type}
        onOpen={takesExit(page, 'open_folder') ? (row) => void exit('open_folder', { key: row._key }) : null}
        onAction={(action, row) => void run(action, row._key, row)}
      />
      {dialog}
    </div>
  );
}
