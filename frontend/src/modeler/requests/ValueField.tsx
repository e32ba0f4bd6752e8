/** A value that is fixed, or bound to something by choosing it: nobody need type an expression. */
import {
  Button,
  InteractionTag,
  InteractionTagPrimary,
  InteractionTagSecondary,
  Input,
  makeStyles,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components';
import { Braces20Regular, CalendarLtr16Regular, Clock16Regular, Link20Regular, Person16Regular, TextT20Regular, BracesVariable20Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { JsonValue } from '../api';
import { ExpressionField } from '../expressions/ExpressionField';
import { type Binding, bindingOf, bindings, bound, type Variable } from './bindings';

const useStyles = makeStyles({
  field: { display: 'flex', alignItems: 'center', gap: '2px', minWidth: 0, flexGrow: 1 },
  value: { flexGrow: 1, minWidth: 0 },
  tag: { maxWidth: '100%', minWidth: 0 },
  words: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  menu: { maxHeight: '60vh', overflowY: 'auto' },
});

const icons: { [group in Binding['group']]: React.JSX.Element } = {
  range: <CalendarLtr16Regular />,
  now: <Clock16Regular />,
  user: <Person16Regular />,
  variable: <BracesVariable20Regular />,
};

/** Where a value stands: what it can be bound to. */
export interface BindingScope {
  flow?: string | undefined;
  node?: string | undefined;
  variables: Variable[];
}

export function textOfValue(value: JsonValue): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What was typed: a number or yes/no stays one as long as it reads like one. */
export function typedValue(text: string, before: JsonValue): JsonValue {
  if (typeof before !== 'string' && before !== null) {
    try {
      const read = JSON.parse(text) as JsonValue;
      if (typeof read === typeof before) return read;
    } catch {
      // It is a text now.
    }
  }
  return text;
}

export function ValueField(props: {
  label: string;
  value: JsonValue;
  scope: BindingScope;
  onChange: (value: JsonValue) => void;
  placeholder?: string;
  disabled?: boolean;
}): React.JSX.Element {
  const { label, value, scope, onChange, placeholder, disabled = false } = props;
  const styles = useStyles();
  const text = textOfValue(value);
  const [plain, setPlain] = useState(false);
  const [writing, setWriting] = useState(false);
  const binding = writing ? null : bindingOf(value);
  const asExpression = writing || (!plain && text.includes('{{'));
  return (
    <div className={styles.field}>
      {binding ? (
        <div className={styles.value}>
          <InteractionTag className={styles.tag} size="small" appearance="brand" disabled={disabled}>
            <BindMenu scope={scope} onChange={onChange} onWrite={() => setWriting(true)} trigger={
              <InteractionTagPrimary hasSecondaryAction aria-label={`${label}: ${binding.title}`} icon={icons[binding.group]}>
                <span className={styles.words}>{binding.title}</span>
              </InteractionTagPrimary>
            } />
            <InteractionTagSecondary aria-label={`${label}: a fixed value instead`} onClick={() => onChange('')} />
          </InteractionTag>
        </div>
      ) : asExpression ? (
        <div className={styles.value}>
          <ExpressionField
            kind="template"
            label={label}
            value={text}
            flow={scope.flow}
            node={scope.node}
            onChange={onChange}
            onBlur={() => setWriting(false)}
          />
        </div>
      ) : (
        <Input
          className={styles.value}
          aria-label={label}
          value={text}
          disabled={disabled}
          {...(placeholder && { placeholder })}
          onFocus={() => setPlain(true)}
          onBlur={() => setPlain(false)}
          onChange={(_, data) => onChange(typedValue(data.value, value))}
        />
      )}
      {!binding && (
        <BindMenu scope={scope} onChange={onChange} onWrite={() => setWriting(true)} trigger={
          <Button
            appearance="subtle"
            icon={<Link20Regular />}
            disabled={disabled}
            aria-label={`Where ${label} comes from`}
            title="Choose where the value comes from"
          />
        } />
      )}
    </div>
  );
}

function BindMenu(props: {
  scope: BindingScope;
  trigger: React.ReactElement;
  onChange: (value: string) => void;
  onWrite: () => void;
}): React.JSX.Element {
  const { scope, trigger, onChange, onWrite } = props;
  const styles = useStyles();
  return (
    <Menu positioning={{ autoSize: true }}>
      <MenuTrigger disableButtonEnhancement>{trigger}</MenuTrigger>
      <MenuPopover>
        <MenuList className={styles.menu}>
          {bindings(scope.variables).map(({ group, title, bindings: offered }) => (
            <MenuGroup key={group}>
              <MenuGroupHeader>{title}</MenuGroupHeader>
              {offered.map((each) => (
                <MenuItem key={each.source} icon={icons[group]} subText={each.hint || undefined} onClick={() => onChange(bound(each.source))}>
                  {each.title}
                </MenuItem>
              ))}
            </MenuGroup>
          ))}
          <MenuDivider />
          <MenuItem icon={<TextT20Regular />} onClick={() => onChange('')}>A fixed value</MenuItem>
          <MenuItem icon={<Braces20Regular />} onClick={onWrite}>An expression…</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
