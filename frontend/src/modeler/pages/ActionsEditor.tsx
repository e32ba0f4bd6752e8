/** The buttons of a page: each is an exit of the nodes that show it. */
import {
  Button,
  Dropdown,
  Field,
  Input,
  makeStyles,
  Option,
  Radio,
  RadioGroup,
  Text,
  tokens,
} from '@fluentui/react-components';
import { Add16Regular, Delete16Regular, Edit16Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import { ExpressionField } from '../expressions/ExpressionField';
import { Sortable } from '../form/Sortable';
import { actionsOf, type JsonObject, nameFrom, type PageValue, removeAction, setAction, withActions } from './model';

const useStyles = makeStyles({
  group: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS, alignItems: 'stretch' },
  item: { flexGrow: 1, minWidth: 0 },
  row: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalXS, minWidth: 0 },
  name: { flexGrow: 1, minWidth: 0, overflowWrap: 'anywhere' },
  exit: { color: tokens.colorNeutralForeground3 },
  form: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
    padding: tokens.spacingHorizontalM,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  add: { alignSelf: 'flex-start' },
});

const looks = { default: 'Plain', primary: 'Primary', subtle: 'Subtle', danger: 'Danger' };

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function ActionsEditor(props: {
  page: PageValue;
  icons: string[];
  /** Exits that the page's type has by itself; no action may have their name. */
  reserved: string[];
  onChange: (page: PageValue) => void;
}): React.JSX.Element {
  const { page, icons, reserved, onChange } = props;
  const styles = useStyles();
  const [open, setOpen] = useState<string | null>(null);
  const entries = Object.entries(actionsOf(page));
  const add = (): void => {
    const name = nameFrom('action', [...reserved, ...entries.map(([one]) => one)]);
    onChange(setAction(page, name, { title: 'New button' }));
    setOpen(name);
  };
  return (
    <div className={styles.group}>
      {reserved.length > 0 && (
        <Text size={200} className={styles.exit}>
          This type leaves by {reserved.join(', ')} as well.
        </Text>
      )}
      <Sortable
        label="Buttons, in order"
        items={entries}
        keyOf={([name]) => name}
        titleOf={([name]) => name}
        onChange={(next) => onChange(withActions(page, Object.fromEntries(next)))}
        render={([name, action]) => (
          <div className={styles.item}>
            <div className={styles.row}>
              <span className={styles.name}>
                {textOf(action.title) || name}{' '}
                <Text size={200} className={styles.exit}>
                  exit {name}
                  {action.on === 'row' ? ', on a row' : ''}
                </Text>
              </span>
              <Button
                size="small"
                appearance="subtle"
                icon={<Edit16Regular />}
                aria-expanded={open === name}
                aria-label={`Edit the button ${name}`}
                onClick={() => setOpen(open === name ? null : name)}
              />
              <Button
                size="small"
                appearance="subtle"
                icon={<Delete16Regular />}
                aria-label={`Remove the button ${name}`}
                onClick={() => onChange(removeAction(page, name))}
              />
            </div>
            {open === name && (
              <ActionForm
                name={name}
                action={action}
                icons={icons}
                onChange={(next) => onChange(setAction(page, name, next))}
              />
            )}
          </div>
        )}
      />
      <Button className={styles.add} size="small" icon={<Add16Regular />} onClick={add}>
        Add a button
      </Button>
    </div>
  );
}

function ActionForm(props: {
  name: string;
  action: JsonObject;
  icons: string[];
  onChange: (action: JsonObject) => void;
}): React.JSX.Element {
  const { name, action, icons, onChange } = props;
  const styles = useStyles();
  const set = (change: JsonObject): void => onChange({ ...action, ...change });
  const look = textOf(action.appearance) || 'default';
  return (
    <div className={styles.form} role="group" aria-label={`The button ${name}`}>
      <Field label="Text">
        <Input value={textOf(action.title)} onChange={(_, data) => set({ title: data.value })} />
      </Field>
      <Field label="For">
        <RadioGroup
          layout="horizontal"
          value={action.on === 'row' ? 'row' : 'page'}
          onChange={(_, data) => set({ on: data.value === 'row' ? 'row' : null })}
        >
          <Radio value="page" label="the whole page" />
          <Radio value="row" label="one row" />
        </RadioGroup>
      </Field>
      <Field label="Icon">
        <Dropdown
          value={textOf(action.icon) || 'none'}
          selectedOptions={[textOf(action.icon)]}
          onOptionSelect={(_, data) => set({ icon: data.optionValue ?? '' })}
        >
          <Option value="" text="none">none</Option>
          {icons.map((icon) => (
            <Option key={icon} value={icon}>{icon}</Option>
          ))}
        </Dropdown>
      </Field>
      <Field label="Look">
        <Dropdown
          value={looks[look as keyof typeof looks] ?? look}
          selectedOptions={[look]}
          onOptionSelect={(_, data) => set({ appearance: data.optionValue === 'default' ? null : (data.optionValue ?? null) })}
        >
          {Object.entries(looks).map(([value, title]) => (
            <Option key={value} value={value}>{title}</Option>
          ))}
        </Dropdown>
      </Field>
      <Field label="Question to ask first" hint="Nothing is asked where it is empty.">
        <ExpressionField
          kind="template"
          label={`Question of the button ${name}`}
          value={textOf(action.confirm)}
          placeholder="Delete {{ row.subject }}?"
          onChange={(text) => set({ confirm: text })}
        />
      </Field>
    </div>
  );
}
