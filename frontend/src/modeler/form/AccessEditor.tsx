/** Who may do something: everybody, everybody who is signed in, or people with roles. */
import { Dropdown, makeStyles, Option } from '@fluentui/react-components';
import { useEffect } from 'react';
import { openDocument, useModel } from '../documents';
import { isObject } from '../merge';
import { type EditorProps, registerEditor } from './editors';
import { Labelled } from './FormField';

const useStyles = makeStyles({
  both: { display: 'flex', flexDirection: 'column', gap: '8px' },
  control: { width: '100%', minWidth: 0 },
});

const titles = {
  public: 'Everybody, without signing in',
  signed_in: 'Everybody who is signed in',
  roles: 'People with one of these roles',
};

function AccessEditor(props: EditorProps): React.JSX.Element {
  const { value, onChange, shape, path, label } = props;
  const styles = useStyles();
  const app = useModel(({ open }) => open['app.yaml']?.value);
  useEffect(() => void openDocument('app.yaml'), []);
  const roles = isObject(app?.roles) ? Object.keys(app.roles) : [];
  const said = value ?? shape.fallback;
  const chosen = isObject(said) && Array.isArray(said.roles) ? said.roles.map(String) : null;
  const selected = chosen ? 'roles' : typeof said === 'string' ? said : '';
  const inherited = shape.nullable ? 'As the application says' : '';
  const choose = (option: string | undefined): void => {
    if (option === 'roles') onChange({ roles: roles.slice(0, 1) }, path);
    else onChange(!option || option === shape.fallback ? undefined : option, path);
  };
  return (
    <div className={styles.both}>
      <Labelled {...props}>
        <Dropdown
          className={styles.control}
          value={titles[selected as keyof typeof titles] ?? inherited}
          selectedOptions={[selected]}
          onOptionSelect={(_, data) => choose(data.optionValue)}
        >
          {inherited && <Option value="">{inherited}</Option>}
          {Object.entries(titles).map(([option, title]) => (
            <Option key={option} value={option}>{title}</Option>
          ))}
        </Dropdown>
      </Labelled>
      {chosen && (
        <Dropdown
          multiselect
          aria-label={`${label}: roles`}
          className={styles.control}
          value={chosen.join(', ')}
          selectedOptions={chosen}
          placeholder={roles.length ? 'Choose roles…' : 'The application has no roles yet'}
          onOptionSelect={(_, data) => onChange({ roles: data.selectedOptions }, path)}
        >
          {[...new Set([...roles, ...chosen])].map((role) => (
            <Option key={role} value={role}>{role}</Option>
          ))}
        </Dropdown>
      )}
    </div>
  );
}

registerEditor(
  { field: ['access', 'runs'], when: ({ shape }) => shape.kind === 'union' && JSON.stringify(shape.schema).includes('signed_in') },
  AccessEditor,
);
