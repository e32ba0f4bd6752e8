/** One authorization profile: its fields, its test, its accounts; beside them what to register. */
import {
  Badge,
  Button,
  makeStyles,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Spinner,
  Text,
  tokens,
  Tooltip,
} from '@fluentui/react-components';
import { AppGeneric20Regular, Beaker20Regular, Code20Regular, Person20Regular, Question20Regular } from '@fluentui/react-icons';
import { useNavigate } from 'react-router';
import { Problem } from '../../components/Problem';
import { getGuide, getSandbox, type GuideWire, takeSandboxApp } from '../api';
import { showHelp } from '../dialogs';
import { flush, refreshModel, useDocument, useModel } from '../documents';
import type { JsonSchema } from '../form/schema';
import { SchemaForm } from '../form/SchemaForm';
import type { JsonObject } from '../merge';
import { say, sayError } from '../toasts';
import { type Answered, useAnswer } from '../useAnswer';
import { Guide } from './Guide';
import './ScopesEditor';
import './SecretEditor';
import { Test } from './Test';

const useStyles = makeStyles({
  page: { padding: '16px 24px 40px', '@media (max-width: 640px)': { padding: '12px' } },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: '10px', marginBottom: '16px' },
  title: { fontSize: tokens.fontSizeBase500, lineHeight: tokens.lineHeightBase500 },
  grow: { flexGrow: 1 },
  columns: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(360px, 100%), 1fr))',
    gap: '32px',
  },
  column: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXL, minWidth: 0 },
});

/** The app registrations of the sandbox that suit the profile; one click fills the profile in. */
function SandboxMenu(props: { name: string; flavour: string; revision: string }): React.JSX.Element {
  const { name, flavour, revision } = props;
  const { answer } = useAnswer(getSandbox, []);
  const apps = answer?.apps.filter((app) => app.flavour === flavour) ?? [];
  const take = async (clientId: string): Promise<void> => {
    try {
      await flush(`profiles/${name}.yaml`);
      const current = useModel.getState().open[`profiles/${name}.yaml`]?.document?.revision ?? revision;
      await takeSandboxApp(name, { client_id: clientId, revision: current });
      await refreshModel();
      say('The profile uses the sandbox now.', { body: 'Its ids stand in the profile, its secret in the store.' });
    } catch (problem) {
      sayError(problem);
    }
  };
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button icon={<Beaker20Regular />} disabled={apps.length === 0}>
          Use an app registration of the sandbox
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {apps.map((app) => (
            <MenuItem
              key={app.client_id}
              secondaryContent={`${app.permissions.length} permissions`}
              onClick={() => void take(app.client_id)}
            >
              {app.display_name}
            </MenuItem>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

const order = ['title', 'tenant', 'cloud', 'client_id', 'client_secret', 'scopes'];

function Form(props: {
  name: string;
  value: JsonObject;
  guide: Answered<GuideWire>;
  handle: ReturnType<typeof useDocument<JsonObject>>;
}): React.JSX.Element {
  const { name, value, guide, handle } = props;
  const kind = useModel(({ catalogue }) => catalogue!.profiles.find(({ type }) => type === value.type));
  const asApplication = value.grant_type === 'client_credentials';
  if (!kind) return <Text>The kind of profile “{String(value.type)}” is not known here. Edit it as YAML.</Text>;
  return (
    <SchemaForm
      schema={kind.config_schema as JsonSchema}
      value={value}
      problems={handle.problems}
      context={{ document: `profiles/${name}.yaml`, profile: name, guide: guide.answer }}
      hide={['type', 'grant_type', ...(asApplication ? ['scopes'] : [])]}
      order={order}
      onChange={(next, checkpoint) => handle.set(next, { checkpoint })}
    />
  );
}

export function Profile({ name }: { name: string }): React.JSX.Element {
  const styles = useStyles();
  const navigate = useNavigate();
  const handle = useDocument<JsonObject>(`profiles/${name}.yaml`);
  const sandbox = useModel(({ session }) => session?.sandbox ?? false);
  const { value, document, error } = handle;
  const guide = useAnswer((signal) => getGuide(name, signal), [name, document?.revision]);
  if (error && !document) return <Problem error={error} />;
  if (!document) return <Spinner label="Loading" />;
  const asYaml = (
    <Tooltip content="Edit as YAML" relationship="label">
      <Button appearance="subtle" icon={<Code20Regular />} onClick={() => void navigate(`/yaml/${document.name}`)} />
    </Tooltip>
  );
  if (!value) return <Text>This profile is not valid YAML. {asYaml}</Text>;
  const asApplication = value.grant_type === 'client_credentials';
  const flavour = asApplication ? 'application' : 'user';
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1 className={styles.title}>{String(value.title || name)}</h1>
        <Badge
          appearance="tint"
          size="large"
          icon={asApplication ? <AppGeneric20Regular /> : <Person20Regular />}
          color={asApplication ? 'informative' : 'brand'}
        >
          {asApplication ? 'As the application' : 'As a user'}
        </Badge>
        {!!value.grant_type && <Text size={200} font="monospace">{String(value.grant_type)}</Text>}
        <span className={styles.grow} />
        {sandbox && <SandboxMenu name={name} flavour={flavour} revision={document.revision} />}
        <Tooltip content="Help on this kind of profile" relationship="label">
          <Button
            appearance="subtle"
            icon={<Question20Regular />}
            onClick={() => showHelp('profiles', String(value.type))}
          />
        </Tooltip>
        {asYaml}
      </div>
      <div className={styles.columns}>
        <div className={styles.column}>
          <Form name={name} value={value} guide={guide} handle={handle} />
          <Test name={name} flavour={flavour} />
        </div>
        <div className={styles.column}>
          <Guide guide={guide} />
        </div>
      </div>
    </div>
  );
}
