/** Values that hold values: objects, maps with editable names, lists, unions. */
import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Badge,
  Button,
  Dropdown,
  Field,
  Input,
  makeStyles,
  mergeClasses,
  Option,
  Text,
  tokens,
} from '@fluentui/react-components';
import { Add20Regular, Delete20Regular } from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import type { JsonValue, ProblemWire } from '../api';
import { isObject, type JsonObject } from '../merge';
import type { EditorProps } from './editors';
import { FormField, Labelled } from './FormField';
import { Sortable } from './Sortable';
import { emptyValue, type JsonSchema, optionFor, readShape, type Shape, wordsOf } from './schema';

const useStyles = makeStyles({
  fields: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, minWidth: 0 },
  group: {
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    minWidth: 0,
  },
  panel: { margin: 0, padding: '4px 12px 12px' },
  heading: { display: 'flex', alignItems: 'center', gap: '8px', minWidth: 0 },
  hint: { color: tokens.colorNeutralForeground2, display: 'block', marginBottom: '8px' },
  rows: { display: 'flex', flexDirection: 'column', gap: '8px' },
  row: { display: 'flex', alignItems: 'flex-start', gap: '4px', minWidth: 0 },
  // In a narrow form a value stands below its name.
  narrowRow: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) auto', '& > :nth-child(2)': { gridRow: 2, gridColumn: '1 / -1' } },
  narrowKey: { width: '100%' },
  control: { minWidth: 0, width: '100%' },
  key: { width: '36%', minWidth: '80px', flexShrink: 0 },
  grow: { flexGrow: 1, minWidth: 0 },
  add: { alignSelf: 'flex-start' },
  problem: { color: tokens.colorPaletteRedForeground1 },
});

function below(problems: ProblemWire[], path: string): number {
  return problems.filter(({ field }) => field === path || field?.startsWith(`${path}.`)).length;
}

/** Whether a value has a frame with a title of its own. */
function isGroup({ kind }: Shape): boolean {
  return kind === 'object' || kind === 'map' || kind === 'list' || kind === 'union';
}

interface FieldsProps
  extends Pick<EditorProps, 'root' | 'path' | 'context' | 'allProblems'> {
  properties: { [name: string]: JsonSchema };
  required: string[];
  value: JsonObject;
  onChange: (next: JsonObject, checkpoint?: string) => void;
  hide?: string[];
  order?: string[];
}

export function join(path: string, name: string | number): string {
  return path ? `${path}.${name}` : String(name);
}

/** The fields of an object; those of `order` first, what is neither there nor said behind "More". */
export function Fields(props: FieldsProps): React.JSX.Element {
  const { properties, required, value, onChange, root, path, context, allProblems } = props;
  const { hide = [], order } = props;
  const styles = useStyles();
  const names = Object.keys(properties).filter((name) => !hide.includes(name));
  const first = (order ?? []).filter((name) => names.includes(name));
  const rest = names.filter((name) => !first.includes(name));
  const isShown = (name: string): boolean =>
    !order || required.includes(name) || value[name] !== undefined || below(allProblems, join(path, name)) > 0;
  const field = (name: string): React.JSX.Element => {
    const shape = readShape(properties[name]!, root);
    const at = join(path, name);
    return (
      <FormField
        key={name}
        field={name}
        path={at}
        root={root}
        shape={shape}
        context={context}
        value={value[name]}
        label={wordsOf(name)}
        hint={shape.description}
        required={required.includes(name)}
        problems={allProblems.filter((problem) => problem.field === at)}
        allProblems={allProblems}
        onChange={(next, checkpoint = at) => {
          const changed = { ...value };
          if (next === undefined) delete changed[name];
          else changed[name] = next;
          onChange(changed, checkpoint);
        }}
      />
    );
  };
  // What is shown is settled when the form opens, so that a field does not move while it is typed in.
  const [shownFirst] = useState(() => rest.filter(isShown));
  const shown = rest.filter((name) => shownFirst.includes(name) || below(allProblems, join(path, name)) > 0);
  const more = rest.filter((name) => !shown.includes(name) && properties[name]!.const === undefined);
  return (
    <div className={styles.fields}>
      {[...first, ...shown].map(field)}
      {more.length > 0 && (
        <Accordion collapsible className={styles.group}>
          <AccordionItem value="more">
            <AccordionHeader>More settings ({more.length})</AccordionHeader>
            <AccordionPanel className={styles.panel}>
              <div className={styles.fields}>{more.map(field)}</div>
            </AccordionPanel>
          </AccordionItem>
        </Accordion>
      )}
    </div>
  );
}

/** A group that opens and closes. */
function Group(
  props: Pick<EditorProps, 'label' | 'hint' | 'path' | 'allProblems' | 'problems'> & {
    open: boolean;
    children: React.ReactNode;
    count?: number;
  },
): React.JSX.Element {
  const { label, hint, path, allProblems, problems, open, children, count } = props;
  const styles = useStyles();
  const wrong = below(allProblems, path);
  return (
    <Accordion
      collapsible
      className={styles.group}
      defaultOpenItems={open || wrong > 0 ? ['group'] : []}
      data-field={path}
    >
      <AccordionItem value="group">
        <AccordionHeader>
          <span className={styles.heading}>
            {label}
            {!!count && <Badge appearance="tint" color="informative" size="small">{count}</Badge>}
            {wrong > 0 && <Badge color="danger" size="small">{wrong}</Badge>}
          </span>
        </AccordionHeader>
        <AccordionPanel className={styles.panel}>
          {hint && <Text size={200} className={styles.hint}>{hint}</Text>}
          {problems.map(({ message }) => (
            <Text key={message} size={200} block className={styles.problem}>{message}</Text>
          ))}
          {children}
        </AccordionPanel>
      </AccordionItem>
    </Accordion>
  );
}

export function ObjectField(props: EditorProps): React.JSX.Element | null {
  const { shape, value, onChange, root, path, context, allProblems, required } = props;
  if (shape.kind !== 'object') return null;
  const remove = !required && value !== undefined && value !== null;
  return (
    <Group {...props} open={required || isObject(value)}>
      <Fields
        properties={shape.properties}
        required={shape.required}
        value={isObject(value) ? value : {}}
        onChange={onChange}
        {...{ root, path, context, allProblems }}
      />
      {remove && (
        <Button appearance="subtle" size="small" icon={<Delete20Regular />} onClick={() => onChange(undefined)}>
          Remove {props.label.toLowerCase()}
        </Button>
      )}
    </Group>
  );
}

/** A name in a map: taken over when it is left, since half of a name may be another entry's. */
function KeyInput(props: {
  name: string;
  label: string;
  taken: string[];
  narrow: boolean;
  onRename: (to: string) => void;
}): React.JSX.Element {
  const { name, label, taken, narrow, onRename } = props;
  const styles = useStyles();
  const [draft, setDraft] = useState(name);
  useEffect(() => setDraft(name), [name]);
  const clash = draft !== name && taken.includes(draft);
  const commit = (): void => {
    if (draft && draft !== name && !clash) onRename(draft);
    else setDraft(name);
  };
  return (
    <Field
      className={mergeClasses(styles.key, narrow && styles.narrowKey)}
      {...(clash && { validationState: 'error' as const, validationMessage: 'This name is taken.' })}
    >
      <Input
        className={styles.control}
        aria-label={`${label}: name`}
        value={draft}
        onChange={(_, data) => setDraft(data.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
      />
    </Field>
  );
}

export function MapField(
  props: EditorProps & { values: JsonSchema; keyPattern: string | undefined },
): React.JSX.Element {
  const { value, onChange, root, path, context, allProblems, values, label, required } = props;
  const styles = useStyles();
  const entries = Object.entries(isObject(value) ? value : {});
  const names = entries.map(([name]) => name);
  const shape = readShape(values, root);
  const narrow = context.compact === true;
  const change = (next: [string, JsonValue][], checkpoint?: string): void =>
    onChange(next.length === 0 && !required ? undefined : Object.fromEntries(next), checkpoint);
  const add = (): void => {
    let name = 'new';
    for (let number = 2; names.includes(name); number += 1) name = `new_${number}`;
    change([...entries, [name, emptyValue(values, root)]]);
  };
  return (
    <Group {...props} open={required || entries.length > 0} count={entries.length}>
      <div className={styles.rows}>
        {entries.map(([name, item], index) => {
          const at = join(path, name);
          return (
            <div key={index} className={mergeClasses(styles.row, narrow && styles.narrowRow)}>
              <KeyInput
                narrow={narrow}
                name={name}
                label={label}
                taken={names}
                onRename={(to) =>
                  change(entries.map((entry, other) => (other === index ? [to, item] : entry)))
                }
              />
              <div className={styles.grow}>
                <FormField
                  field={name}
                  path={at}
                  {...{ root, shape, context, allProblems }}
                  value={item}
                  label={name}
                  bare={!isGroup(shape)}
                  hint=""
                  required
                  problems={allProblems.filter(({ field }) => field === at)}
                  onChange={(next, checkpoint) =>
                    change(
                      entries.map((entry, other) => (other === index ? [name, next ?? ''] : entry)),
                      checkpoint,
                    )
                  }
                />
              </div>
              <Button
                appearance="subtle"
                icon={<Delete20Regular />}
                aria-label={`Remove ${name}`}
                onClick={() => change(entries.filter((_, other) => other !== index))}
              />
            </div>
          );
        })}
        <Button className={styles.add} size="small" icon={<Add20Regular />} onClick={add}>
          Add
        </Button>
      </div>
    </Group>
  );
}

function itemTitle(item: JsonValue, index: number): string {
  if (isObject(item)) {
    for (const name of ['title', 'name', 'field', 'flow']) {
      if (typeof item[name] === 'string' && item[name]) return item[name];
    }
  }
  return `${index + 1}`;
}

export function ListField(props: EditorProps & { items: JsonSchema }): React.JSX.Element {
  const { value, onChange, root, path, context, allProblems, items, label, required } = props;
  const styles = useStyles();
  const list = Array.isArray(value) ? value : [];
  const shape = readShape(items, root);
  const change = (next: JsonValue[], checkpoint?: string): void =>
    onChange(next.length === 0 && !required ? undefined : next, checkpoint);
  return (
    <Group {...props} open={required || list.length > 0} count={list.length}>
      <div className={styles.rows}>
        <Sortable
          items={list}
          titleOf={itemTitle}
          onChange={change}
          render={(item, index) => {
            const at = join(path, index);
            const title = itemTitle(item, index);
            return (
              <>
                <div className={styles.grow}>
                  <FormField
                    field={String(index)}
                    path={at}
                    {...{ root, shape, context, allProblems }}
                    value={item}
                    label={isGroup(shape) ? title : `${label} ${index + 1}`}
                    bare={!isGroup(shape)}
                    hint=""
                    required
                    problems={allProblems.filter(({ field }) => field === at)}
                    onChange={(next, checkpoint) =>
                      change(list.map((other, place) => (place === index ? (next ?? '') : other)), checkpoint)
                    }
                  />
                </div>
                <Button
                  appearance="subtle"
                  icon={<Delete20Regular />}
                  aria-label={`Remove ${title}`}
                  onClick={() => change(list.filter((_, other) => other !== index))}
                />
              </>
            );
          }}
        />
        <Button
          className={styles.add}
          size="small"
          icon={<Add20Regular />}
          aria-label={`Add to ${label.toLowerCase()}`}
          onClick={() => change([...list, emptyValue(items, root)])}
        >
          Add
        </Button>
      </div>
    </Group>
  );
}

/** First which of the kinds it is, then its fields. */
export function UnionField(props: EditorProps): React.JSX.Element | null {
  const { shape, value, onChange, root, path, context, allProblems, label, required } = props;
  const styles = useStyles();
  if (shape.kind !== 'union') return null;
  const { options, discriminator } = shape;
  const said = value ?? shape.fallback;
  const absent = said === undefined || said === null;
  const index = absent ? -1 : optionFor(said, shape, root);
  const option = options[index];
  const inner = option && readShape(option.schema, root);
  return (
    <div className={styles.fields}>
      <Labelled {...props} hint={option?.description || props.hint}>
        <Dropdown
          className={styles.control}
          value={option?.title ?? ''}
          selectedOptions={option ? [String(index)] : []}
          placeholder="Choose…"
          onOptionSelect={(_, { optionValue }) => {
            const chosen = options[Number(optionValue)];
            onChange(chosen && optionValue !== '' ? emptyValue(chosen.schema, root) : undefined);
          }}
        >
          {!required && <Option value="" text="">—</Option>}
          {options.map(({ title }, at) => (
            <Option key={at} value={String(at)}>{title}</Option>
          ))}
        </Dropdown>
      </Labelled>
      {inner?.kind === 'object' ? (
        <Fields
          key={index}
          properties={inner.properties}
          required={inner.required}
          value={isObject(said) ? said : {}}
          onChange={onChange}
          hide={discriminator ? [discriminator] : []}
          {...{ root, path, context, allProblems }}
        />
      ) : (
        inner && <FormField {...props} key={index} shape={inner} label={label} hint="" problems={[]} required />
      )}
    </div>
  );
}
