/** One row, field by field, with what can be done with it. */
import { Link, makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import { fileUrl, type JsonValue } from '@graphwright/api';
import { ActionButton, useConfirmedExits } from '@graphwright/components/ConfirmedExits';
import { isFile, Value } from '@graphwright/components/Value';
import { type PageViewProps, rowActions } from '@graphwright/pageType';

interface DetailView {
  fields: { name: string; title: string; type: string; value: JsonValue }[];
  row: { key?: JsonValue; _key?: JsonValue };
}

const useStyles = makeStyles({
  scroller: { flexGrow: 1, minHeight: 0, overflowY: 'auto' },
  actions: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: '8px',
    padding: `0 ${tokens.spacingHorizontalXXL} ${tokens.spacingVerticalM}`,
    '@media (max-width: 640px)': { paddingInline: '16px' },
  },
  list: {
    display: 'grid',
    gridTemplateColumns: 'minmax(120px, 200px) minmax(0, 1fr)',
    columnGap: tokens.spacingHorizontalXL,
    maxWidth: '860px',
    margin: 0,
    padding: `0 ${tokens.spacingHorizontalXXL} ${tokens.spacingVerticalXXXL}`,
    '@media (max-width: 640px)': { gridTemplateColumns: 'minmax(0, 1fr)', paddingInline: '16px' },
  },
  name: {
    paddingBlock: '10px',
    color: tokens.colorNeutralForeground2,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    '@media (max-width: 640px)': { paddingBottom: 0 },
  },
  value: {
    margin: 0,
    paddingBlock: '10px',
    overflowWrap: 'anywhere',
    whiteSpace: 'pre-wrap',
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    '@media (max-width: 640px)': { borderTop: 'none', paddingTop: '2px' },
  },
  frame: {
    width: '100%',
    height: '180px',
    resize: 'vertical',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: '#fff',
    colorScheme: 'light',
  },
  code: { margin: 0, fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
});

/** The frame has the page's policy, so its one style needs the page's nonce; the value's own are dropped. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
const frameStyle = `<style nonce="${nonce}">body{font:14px/1.5 "Segoe UI",system-ui,sans-serif;margin:12px;overflow-wrap:anywhere}</style>`;

/** Links among values are useful, but only to the web and to mail. */
function TextOrLink({ value, type, href }: { value: JsonValue; type: string; href: string | undefined }): React.JSX.Element {
  if (type === 'file' && isFile(value) && href) {
    return (
      <Link href={href} download={value.name}>
        {value.name}
      </Link>
    );
  }
  if (type === 'text' && typeof value === 'string') {
    if (/^https?:\/\/\S+$/.test(value)) {
      return (
        <Link href={value} target="_blank" rel="noreferrer noopener">
          {value}
        </Link>
      );
    }
    if (/^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/.test(value)) return <Link href={`mailto:${value}`}>{value}</Link>;
  }
  return <Value value={value} type={type} />;
}

export default function DetailPage(props: PageViewProps<DetailView>): React.JSX.Element {
  const { page, address, busy, exit } = props;
  const { fields, row } = page.view;
  const styles = useStyles();
  const { run, dialog } = useConfirmedExits({ address, exit });
  const key = row.key ?? row._key;
  const actions = typeof key === 'string' ? rowActions(page.actions) : [];
  const values = Object.fromEntries(fields.map(({ name, value }) => [name, value]));
  return (
    <div className={styles.scroller}>
      {actions.length > 0 && (
        <div className={styles.actions}>
          {actions.map((action) => (
            <ActionButton key={action.name} action={action} disabled={busy} onRun={() => void run(action, String(key), values)} />
          ))}
        </div>
      )}
      <dl className={styles.list}>
        {fields.map(({ name, title, type, value }) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt className={styles.name}>
              <Text>{title}</Text>
            </dt>
            <dd className={styles.value}>
              {type === 'html' && typeof value === 'string' && value ? (
                <iframe className={styles.frame} title={title} sandbox="" srcDoc={frameStyle + value} />
              ) : type === 'json' && value !== null ? (
                <pre className={mergeClasses(styles.code)}>{JSON.stringify(value, null, 2)}</pre>
              ) : (
                <TextOrLink value={value} type={type} href={typeof key === 'string' ? fileUrl(address, key, name) : undefined} />
              )}
            </dd>
          </div>
        ))}
      </dl>
      {dialog}
    </div>
  );
}
