/** As whom a request is sent: nobody, a user name and password, or an authorization profile. */
import { Dropdown, Field, Input, makeStyles, Option, Radio, RadioGroup } from '@fluentui/react-components';
import { useDocuments } from '../documents';
import { isObject, type JsonObject } from '../merge';
import { shortName } from '../places';
import { profileOf, withField, withProfile } from './model';

const useStyles = makeStyles({ form: { display: 'flex', flexDirection: 'column', gap: '10px', maxWidth: '420px' } });

export function Authentication(props: { value: JsonObject; onChange: (value: JsonObject) => void }): React.JSX.Element {
  const { value, onChange } = props;
  const styles = useStyles();
  const profiles = useDocuments('profile').filter(({ type }) => type !== 'saml');
  const authentication = isObject(value.authentication) ? value.authentication : { type: 'none' };
  const type = String(authentication.type);
  const profile = profileOf(value);
  const password = isObject(authentication.password) ? String(authentication.password.secret ?? '') : '';
  const set = (next: JsonObject): void => onChange(withField(value, 'authentication', next));
  const choose = (next: string): void => {
    if (next === 'oauth2') onChange(withProfile(value, profile ?? (profiles[0] ? shortName(profiles[0].name) : '')));
    else set(next === 'basic' ? { type: 'basic', username: '', password: { secret: 'PASSWORD' } } : { type: 'none' });
  };
  return (
    <div className={styles.form}>
      <RadioGroup layout="horizontal" aria-label="Authentication" value={type} onChange={(_, data) => choose(data.value)}>
        <Radio value="oauth2" label="OAuth 2.0" />
        <Radio value="basic" label="Basic" />
        <Radio value="none" label="None" />
      </RadioGroup>
      {type === 'oauth2' && (
        <Field label="Authorization profile" required {...(!profile && { validationMessage: 'Choose the profile whose token is sent.' })}>
          <Dropdown
            value={profiles.find(({ name }) => shortName(name) === profile)?.title ?? profile ?? ''}
            selectedOptions={profile ? [profile] : []}
            placeholder="Choose…"
            onOptionSelect={(_, data) => onChange(withProfile(value, data.optionValue ?? ''))}
          >
            {profiles.map((each) => (
              <Option key={each.name} value={shortName(each.name)} text={each.title}>{`${each.title} (${shortName(each.name)})`}</Option>
            ))}
          </Dropdown>
        </Field>
      )}
      {type === 'basic' && (
        <>
          <Field label="User name" required>
            <Input value={String(authentication.username ?? '')} onChange={(_, data) => set({ ...authentication, username: data.value })} />
          </Field>
          <Field label="Secret with the password" required hint="The name of a secret. Its value is typed under Secrets, and never stands in the model.">
            <Input value={password} onChange={(_, data) => set({ ...authentication, password: { secret: data.value } })} />
          </Field>
        </>
      )}
    </div>
  );
}
