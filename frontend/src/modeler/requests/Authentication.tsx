/** As whom a request is sent: nobody, a user name and password, a client certificate, or a profile. */
import { Checkbox, Dropdown, Field, Input, makeStyles, Option, Radio, RadioGroup } from '@fluentui/react-components';
import { useDocuments } from '../documents';
import { isObject, type JsonObject } from '../merge';
import { shortName } from '../places';
import { profileOf, withField, withProfile } from './model';
import { SecretField } from './SecretField';

const starts: { [type: string]: JsonObject } = {
  basic: { type: 'basic', username: '', password: { secret: 'PASSWORD' } },
  client_certificate: { type: 'client_certificate', certificate: { secret: 'CLIENT_CERTIFICATE' } },
};

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: '10px', maxWidth: '480px' },
  ways: { flexWrap: 'wrap' },
});

export function Authentication(props: { value: JsonObject; onChange: (value: JsonObject) => void }): React.JSX.Element {
  const { value, onChange } = props;
  const styles = useStyles();
  const profiles = useDocuments('profile').filter(({ type }) => type !== 'saml');
  const authentication = isObject(value.authentication) ? value.authentication : { type: 'none' };
  const type = String(authentication.type);
  const profile = profileOf(value);
  const secret = (field: string): string => {
    const named = authentication[field];
    return isObject(named) ? String(named.secret ?? '') : '';
  };
  const set = (next: JsonObject): void => onChange(withField(value, 'authentication', next));
  const choose = (next: string): void => {
    if (next === 'oauth2') onChange(withProfile(value, profile ?? (profiles[0] ? shortName(profiles[0].name) : '')));
    else set(starts[next] ?? { type: 'none' });
  };
  return (
    <div className={styles.form}>
      <RadioGroup className={styles.ways} layout="horizontal" aria-label="Authentication" value={type} onChange={(_, data) => choose(data.value)}>
        <Radio value="oauth2" label="OAuth 2.0" />
        <Radio value="basic" label="Basic" />
        <Radio value="client_certificate" label="Client certificate" />
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
          <SecretField
            label="Secret with the password"
            hint="The name of a secret. Its value never stands in the model."
            name={secret('password')}
            onChange={(name) => set({ ...authentication, password: { secret: name } })}
          />
        </>
      )}
      {type === 'client_certificate' && (
        <>
          <SecretField
            label="Secret with the certificate"
            hint="The name of a secret. Its value is PEM text: the certificate, its chain and its private key."
            name={secret('certificate')}
            file
            onChange={(name) => set({ ...authentication, certificate: { secret: name } })}
          />
          <Checkbox
            label="Its private key has a passphrase"
            checked={'passphrase' in authentication}
            onChange={(_, data) => {
              const { passphrase: _without, ...rest } = authentication;
              set(data.checked ? { ...rest, passphrase: { secret: `${secret('certificate')}_PASSPHRASE` } } : rest);
            }}
          />
          {'passphrase' in authentication && (
            <SecretField
              label="Secret with the passphrase"
              hint="The name of a secret."
              name={secret('passphrase')}
              onChange={(name) => set({ ...authentication, passphrase: { secret: name } })}
            />
          )}
        </>
      )}
    </div>
  );
}
