/** Editors that every screen needs: names of the model's parts, icons. */
import { Combobox, Dropdown, makeStyles, Option, OptionGroup } from '@fluentui/react-components';
import { navigationIcon } from '../../icons';
import { askNew } from '../dialogs';
import { type Kind, useDocuments, useModel } from '../documents';
import { placeOf, shortName } from '../places';
import { type EditorProps, registerEditor } from './editors';
import { Labelled } from './FormField';

const useStyles = makeStyles({
  control: { width: '100%', minWidth: 0 },
  inner: { minWidth: 0, width: '100%' },
  icon: { display: 'flex', alignItems: 'center', gap: '8px' },
});

const newValue = ' new';

/** A choice among the model's documents of a kind, or a new one. */
export function NameEditor(props: EditorProps & { kind: Kind }): React.JSX.Element {
  const { kind, value, onChange, path, label } = props;
  const styles = useStyles();
  const documents = useDocuments(kind);
  const selected = typeof value === 'string' ? value : '';
  const entries = documents.map(({ name, title }) => ({ name: shortName(name), title }));
  const unknown = selected !== '' && !entries.some(({ name }) => name === selected);
  const choose = async (option: string | undefined): Promise<void> => {
    if (option === newValue) {
      const created = await askNew(kind);
      if (created) onChange(created, path);
    } else onChange(option || undefined, path);
  };
  return (
    <Labelled {...props}>
      <Dropdown
        aria-label={label}
        className={styles.control}
        value={entries.find(({ name }) => name === selected)?.title || selected}
        selectedOptions={selected ? [selected] : []}
        placeholder="Choose…"
        onOptionSelect={(_, data) => void choose(data.optionValue)}
      >
        {!props.required && <Option value="" text="">—</Option>}
        {unknown && <Option value={selected}>{`${selected} (not there)`}</Option>}
        {entries.map(({ name, title }) => (
          <Option key={name} value={name} text={title || name}>
            {title && title !== name ? `${title} (${name})` : name}
          </Option>
        ))}
        <OptionGroup>
          <Option value={newValue} text="">{`New ${placeOf(kind).one}…`}</Option>
        </OptionGroup>
      </Dropdown>
    </Labelled>
  );
}

function IconEditor(props: EditorProps): React.JSX.Element {
  const { value, onChange, path } = props;
  const styles = useStyles();
  const icons = useModel((model) => model.catalogue?.icons ?? []);
  const selected = typeof value === 'string' ? value : '';
  return (
    <Labelled {...props}>
      <Combobox
        className={styles.control}
        input={{ className: styles.inner }}
        value={selected}
        selectedOptions={selected ? [selected] : []}
        onOptionSelect={(_, data) => onChange(data.optionValue || undefined, path)}
        freeform
        onChange={(event) => onChange(event.target.value || undefined, path)}
      >
        {icons.map((name) => {
          const Icon = navigationIcon(name, false);
          return (
            <Option key={name} value={name} text={name}>
              <span className={styles.icon}><Icon aria-hidden />{name}</span>
            </Option>
          );
        })}
      </Combobox>
    </Labelled>
  );
}

const named: { [field: string]: Kind } = {
  profile: 'profile', sign_on: 'profile', import: 'import', list: 'list', page: 'page', flow: 'flow', home: 'flow',
};
for (const [field, kind] of Object.entries(named)) {
  registerEditor({ field }, (props) => <NameEditor {...props} kind={kind} />);
}
registerEditor({ field: 'icon' }, IconEditor);
