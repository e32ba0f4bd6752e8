/** The permissions that a user is asked for; those that the application's requests need are offered. */
import { Button, Input, makeStyles, Tag, TagGroup, Text, tokens } from '@fluentui/react-components';
import { Add16Regular, Add20Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { GuideWire } from '../api';
import { type EditorProps, registerEditor } from '../form/editors';
import { Labelled } from '../form/FormField';

const useStyles = makeStyles({
  all: { display: 'flex', flexDirection: 'column', gap: '8px', minWidth: 0 },
  tags: { display: 'flex', flexWrap: 'wrap', gap: '4px' },
  row: { display: 'flex', gap: '8px', flexWrap: 'wrap', alignItems: 'center' },
  input: { flexGrow: 1, minWidth: '160px' },
  hint: { color: tokens.colorNeutralForeground2 },
});

function ScopesEditor(props: EditorProps): React.JSX.Element {
  const { value, onChange, path, context } = props;
  const styles = useStyles();
  const [typed, setTyped] = useState('');
  const scopes = Array.isArray(value) ? value.map(String) : [];
  const guide = context.guide as GuideWire | null | undefined;
  const needed = guide?.permissions.filter(({ covered, name }) => !covered && !scopes.includes(name)) ?? [];
  const change = (next: string[]): void => onChange(next.length ? next : undefined, path);
  const add = (text: string): void => {
    const fresh = text.split(/[\s,]+/).filter((scope) => scope && !scopes.includes(scope));
    if (fresh.length) change([...scopes, ...fresh]);
    setTyped('');
  };
  return (
    <Labelled {...props} problems={props.allProblems.filter(({ field }) => field?.startsWith(path))}>
      <div className={styles.all}>
        {scopes.length > 0 && (
          <TagGroup
            className={styles.tags}
            aria-label="Scopes"
            onDismiss={(_, data) => change(scopes.filter((scope) => scope !== data.value))}
          >
            {scopes.map((scope) => (
              <Tag
                key={scope}
                value={scope}
                size="small"
                dismissible
                dismissIcon={{ 'aria-label': `remove ${scope}` }}
              >
                {scope}
              </Tag>
            ))}
          </TagGroup>
        )}
        {needed.length > 0 && (
          <div className={styles.row}>
            <Text size={200} className={styles.hint}>Needed by the requests:</Text>
            {needed.map(({ name, requests }) => (
              <Button
                key={name}
                size="small"
                icon={<Add16Regular />}
                title={requests.join('\n')}
                aria-label={`Add the scope ${name}`}
                onClick={() => add(name)}
              >
                {name}
              </Button>
            ))}
            {needed.length > 1 && (
              <Button
                size="small"
                appearance="subtle"
                onClick={() => change([...scopes, ...needed.map(({ name }) => name)])}
              >
                Add all
              </Button>
            )}
          </div>
        )}
        <div className={styles.row}>
          <Input
            className={styles.input}
            aria-label="Another scope"
            placeholder="Another one, such as Tasks.Read"
            value={typed}
            onChange={(_, data) => setTyped(data.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              add(typed);
            }}
          />
          <Button icon={<Add20Regular />} disabled={!typed.trim()} onClick={() => add(typed)}>Add</Button>
        </div>
      </div>
    </Labelled>
  );
}

registerEditor({ field: 'scopes', when: ({ shape, context }) => shape.kind === 'list' && 'profile' in context }, ScopesEditor);
