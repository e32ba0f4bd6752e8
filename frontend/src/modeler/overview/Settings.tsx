/** `app.yaml`: what the application is called, who signs in, where it opens, who may do what. */
import { Button, Link as FluentLink, makeStyles, Spinner, Text, tokens } from '@fluentui/react-components';
import { Add20Regular, Delete20Regular } from '@fluentui/react-icons';
import { useNavigate } from 'react-router';
import { Problem } from '../../components/Problem';
import type { ProblemWire } from '../api';
import { useDocument, useModel } from '../documents';
import { FormField } from '../form/FormField';
import { readShape, type JsonSchema } from '../form/schema';
import { SchemaForm } from '../form/SchemaForm';
import { Sortable } from '../form/Sortable';
import { useFieldOfAddress } from '../form/useFieldOfAddress';
import { isObject, type JsonObject } from '../merge';

const useStyles = makeStyles({
  page: { maxWidth: '720px', display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXL },
  heading: { fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 },
  hint: { color: tokens.colorNeutralForeground2, display: 'block', marginBottom: '8px' },
  entry: {
    flexGrow: 1,
    minWidth: 0,
    display: 'grid',
    gridTemplateColumns: '1fr 1fr 140px',
    gap: '8px',
    '@media (max-width: 640px)': { gridTemplateColumns: '1fr' },
  },
  add: { marginTop: '8px' },
});

function Navigation(props: {
  schema: JsonSchema;
  items: JsonObject[];
  problems: ProblemWire[];
  onChange: (next: JsonObject[], checkpoint?: string) => void;
}): React.JSX.Element {
  const { schema, items, problems, onChange } = props;
  const styles = useStyles();
  const list = readShape((schema.properties as { navigation: JsonSchema }).navigation, schema);
  const item = readShape(list.kind === 'list' ? list.items : {}, schema);
  const properties = item.kind === 'object' ? item.properties : {};
  const place = useFieldOfAddress('navigation');
  const titleOf = (entry: JsonObject, index: number): string => String(entry.title || `entry ${index + 1}`);
  return (
    <section ref={place} data-field="navigation">
      <h2 className={styles.heading}>Navigation</h2>
      <Text size={200} className={styles.hint}>{list.description} Drag the dots, or use the arrow keys on them.</Text>
      <Sortable
        items={items}
        titleOf={titleOf}
        onChange={onChange}
        render={(entry, index) => (
          <>
            <div className={styles.entry}>
              {Object.entries(properties).map(([name, property]) => {
                const path = `navigation.${index}.${name}`;
                const label = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
                return (
                  <FormField
                    key={name}
                    field={name}
                    path={path}
                    root={schema}
                    shape={readShape(property, schema)}
                    context={{ document: 'app.yaml' }}
                    value={entry[name]}
                    label={label}
                    hint=""
                    required={name !== 'icon'}
                    problems={problems.filter(({ field }) => field === path)}
                    allProblems={problems}
                    onChange={(next, checkpoint) => {
                      const { [name]: _, ...rest } = entry;
                      const changed = next === undefined ? rest : { ...entry, [name]: next };
                      onChange(items.map((other, at) => (at === index ? changed : other)), checkpoint ?? path);
                    }}
                  />
                );
              })}
            </div>
            <Button
              appearance="subtle"
              icon={<Delete20Regular />}
              aria-label={`Remove ${titleOf(entry, index)}`}
              onClick={() => onChange(items.filter((_, at) => at !== index))}
            />
          </>
        )}
      />
      <Button
        className={styles.add}
        icon={<Add20Regular />}
        onClick={() => onChange([...items, { title: '', flow: '' }])}
      >
        Add an entry
      </Button>
    </section>
  );
}

export function Settings(): React.JSX.Element {
  const styles = useStyles();
  const navigate = useNavigate();
  const { value, set, problems, error, document } = useDocument('app.yaml');
  const schema = useModel(({ catalogue }) => catalogue!.app_schema) as JsonSchema;
  if (error && !document) return <Problem error={error} />;
  if (!document) return <Spinner label="Loading" />;
  if (!value) {
    return (
      <Text>
        app.yaml is not valid YAML. <FluentLink onClick={() => void navigate('/yaml/app.yaml')}>Mend it</FluentLink>
      </Text>
    );
  }
  const items = Array.isArray(value.navigation) ? value.navigation.filter(isObject) : [];
  return (
    <div className={styles.page}>
      <SchemaForm
        schema={schema}
        value={value}
        problems={problems}
        context={{ document: 'app.yaml' }}
        hide={['format', 'navigation']}
        onChange={(next, checkpoint) => set(next, { checkpoint })}
      />
      <Navigation
        schema={schema}
        items={items}
        problems={problems}
        onChange={(navigation, checkpoint) => set({ ...value, navigation }, { checkpoint })}
      />
    </div>
  );
}
