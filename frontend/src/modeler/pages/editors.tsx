/** Fields of a list, chosen by name: wherever a page's form asks which field is what. */
import { Dropdown, Option } from '@fluentui/react-components';
import { useDocument } from '../documents';
import { type EditorProps, type FieldInfo, registerEditor } from '../form/editors';
import { Labelled } from '../form/FormField';
import { documentName } from '../places';
import { fieldsOf } from './model';

function FieldNameEditor(props: EditorProps): React.JSX.Element {
  const { value, onChange, path, label, context, required } = props;
  const list = useDocument(documentName('list', context.list ?? '')).value;
  const fields = fieldsOf(list ?? undefined);
  const selected = typeof value === 'string' ? value : '';
  const known = fields.find((field) => field.name === selected);
  return (
    <Labelled {...props}>
      <Dropdown
        aria-label={label}
        value={known?.title ?? (selected ? `${selected} (not in the list)` : '')}
        selectedOptions={selected ? [selected] : []}
        placeholder="Choose a field…"
        onOptionSelect={(_, data) => onChange(data.optionValue || undefined, path)}
      >
        {!required && <Option value="" text="">—</Option>}
        {fields.map((field) => (
          <Option key={field.name} value={field.name} text={field.title}>
            {`${field.title} (${field.type.replaceAll('_', ' ')})`}
          </Option>
        ))}
      </Dropdown>
    </Labelled>
  );
}

function isFieldOfPage({ path, shape, context }: FieldInfo): boolean {
  return Boolean(context.list) && shape.kind === 'text' && /^(fields\.[a-z_]+|where\.\d+\.field)$/.test(path);
}

registerEditor({ when: isFieldOfPage }, FieldNameEditor);
