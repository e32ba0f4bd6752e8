/** What an import does with what does not fit, in plain words; whose rows they are. */
import { Dropdown, Field, makeStyles, Option, Switch } from '@fluentui/react-components';
import type { JsonValue } from '../api';
import { editList, listAt, type Mapping } from './mapping';

const useStyles = makeStyles({
  grid: { display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(210px, 1fr))', gap: '10px 14px', alignItems: 'end' },
});

const questions = [
  {
    field: 'unexpected', fallback: 'ignore', label: 'Properties that nothing reads',
    answers: { ignore: 'Leave them out', keep: 'Keep them aside', skip_row: 'Skip the item', fail: 'Stop the import' },
  },
  {
    field: 'missing', fallback: 'null', label: 'A property is missing',
    answers: { null: 'Leave the field empty', skip_row: 'Skip the item', fail: 'Stop the import' },
  },
  {
    field: 'mistyped', fallback: 'skip_row', label: 'A value does not fit its type',
    answers: { null: 'Leave the field empty', skip_row: 'Skip the item', fail: 'Stop the import' },
  },
] as const;

export function Policies(props: { mapping: Mapping; ownerToo: boolean; onChange: (mapping: Mapping, checkpoint: string) => void }): React.JSX.Element {
  const { mapping, ownerToo, onChange } = props;
  const styles = useStyles();
  const list = listAt(mapping, []);
  const owner = String(mapping.lists[list]?.owner ?? 'user');
  const set = (field: string, value: JsonValue | undefined): void => {
    const { [field]: _, ...rest } = mapping.import;
    onChange({ ...mapping, import: value === undefined ? rest : { ...mapping.import, [field]: value } }, `policy-${field}`);
  };
  return (
    <div className={styles.grid}>
      {ownerToo && (
        <Field label="Whose rows they are">
          <Dropdown
            size="small"
            value={owner === 'user' ? 'Each user has their own' : 'All users share them'}
            selectedOptions={[owner]}
            onOptionSelect={(_, data) => onChange(editList(mapping, list, (value) => ({ ...value, owner: data.optionValue ?? 'user' })), 'owner')}
          >
            <Option value="user">Each user has their own</Option>
            <Option value="shared">All users share them</Option>
          </Dropdown>
        </Field>
      )}
      {questions.map(({ field, fallback, label, answers }) => {
        const words: { [answer: string]: string } = answers;
        const value = String(mapping.import[field] ?? fallback);
        return (
          <Field key={field} label={label}>
            <Dropdown size="small" value={words[value] ?? value} selectedOptions={[value]} onOptionSelect={(_, data) => set(field, data.optionValue === fallback ? undefined : (data.optionValue ?? fallback))}>
              {Object.entries(words).map(([answer, text]) => <Option key={answer} value={answer}>{text}</Option>)}
            </Dropdown>
          </Field>
        );
      })}
      {owner === 'shared' && (
        <Switch
          label="What one user may see may go to all"
          checked={mapping.import.share === true}
          onChange={(_, data) => set('share', data.checked || undefined)}
        />
      )}
    </div>
  );
}
