/** Which fields of the list a table, form or detail page shows, and in which order. */
import { Checkbox, Input, makeStyles, Text, tokens } from '@fluentui/react-components';
import { Sortable } from '../form/Sortable';
import { entryName, entryTitle, type FieldChoice, type PageValue, retitleField, shownFields, toggleField, withShown } from './model';

const useStyles = makeStyles({
  group: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  row: { flexGrow: 1, display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS, minWidth: 0 },
  name: { flexGrow: 1, minWidth: 0, overflowWrap: 'anywhere' },
  title: { width: '130px', minWidth: '90px' },
  type: { color: tokens.colorNeutralForeground3 },
});

export function FieldsEditor(props: {
  page: PageValue;
  fields: FieldChoice[];
  onChange: (page: PageValue) => void;
}): React.JSX.Element {
  const { page, fields, onChange } = props;
  const styles = useStyles();
  const byName = new Map(fields.map((field) => [field.name, field]));
  const shown = shownFields(page, fields);
  const names = new Set(shown.map(entryName));
  const rest = fields.filter((field) => !names.has(field.name));
  const what = page.type === 'table' ? 'column' : 'field';
  return (
    <div className={styles.group}>
      <Sortable
        label={`The ${what}s shown, in order`}
        items={shown}
        keyOf={entryName}
        titleOf={entryName}
        onChange={(next) => onChange(withShown(page, next))}
        render={(entry) => {
          const name = entryName(entry);
          const field = byName.get(name);
          return (
            <div className={styles.row}>
              <Checkbox
                className={styles.name}
                checked
                disabled={shown.length === 1}
                label={field?.title ?? `${name} (not in the list)`}
                onChange={() => onChange(toggleField(page, fields, name))}
              />
              {page.type !== 'detail' && (
                <Input
                  size="small"
                  className={styles.title}
                  aria-label={`Title of the ${what} ${name}`}
                  placeholder={field?.title ?? name}
                  value={entryTitle(entry)}
                  onChange={(_, data) => onChange(retitleField(page, fields, name, data.value))}
                />
              )}
            </div>
          );
        }}
      />
      {rest.length > 0 && <Text weight="semibold" size={200}>Not shown</Text>}
      {rest.map((field) => (
        <Checkbox
          key={field.name}
          checked={false}
          label={
            <>
              {field.title} <Text size={200} className={styles.type}>{field.type.replaceAll('_', ' ')}</Text>
            </>
          }
          onChange={() => onChange(toggleField(page, fields, field.name))}
        />
      ))}
    </div>
  );
}
