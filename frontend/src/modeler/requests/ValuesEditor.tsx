/** The values of variables with which a request is tried; in the running flow they come from the flow. */
import { Field, Input, makeStyles, Text, tokens } from '@fluentui/react-components';
import type { JsonObject } from '../merge';
import { withValue } from './bindings';
import { textOfValue, typedValue } from './ValueField';
import type { TryValues } from './useTryValues';

const useStyles = makeStyles({
  values: { display: 'flex', flexDirection: 'column', gap: '8px' },
  grid: { display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(200px, 1fr))', gap: '8px 12px' },
  hint: { color: tokens.colorNeutralForeground2 },
});

export function ValuesEditor(props: {
  tried: TryValues;
  typed: JsonObject;
  onChange: (typed: JsonObject) => void;
}): React.JSX.Element | null {
  const { tried, typed, onChange } = props;
  const styles = useStyles();
  if (tried.paths.length === 0) return null;
  return (
    <div className={styles.values}>
      <Text size={200} className={styles.hint}>Values to try it with; in the running application they come from the flow.</Text>
      <div className={styles.grid}>
        {tried.paths.map(({ path, value }) => (
          <Field key={path} label={path} size="small">
            <Input
              size="small"
              value={textOfValue(value)}
              placeholder="No value is known"
              onChange={(_, data) => onChange(withValue(typed, path, typedValue(data.value, value)))}
            />
          </Field>
        ))}
      </div>
    </div>
  );
}
