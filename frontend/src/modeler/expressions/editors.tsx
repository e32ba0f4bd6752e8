/** Puts the expression editor wherever a form meets a field of the format `jsonata` or `template`. */
import { type EditorProps, registerEditor } from '../form/editors';
import { Labelled } from '../form/FormField';
import { ExpressionField } from './ExpressionField';
import type { SourceKind } from './places';

function ExpressionEditor(props: EditorProps & { kind: SourceKind }): React.JSX.Element {
  const { kind, value, onChange, path, label, context, shape } = props;
  return (
    <Labelled {...props}>
      <ExpressionField
        kind={kind}
        label={label}
        value={typeof value === 'string' ? value : ''}
        flow={context.flow}
        node={context.node}
        placeholder={typeof shape.fallback === 'string' ? shape.fallback : ''}
        onChange={(text) => onChange(text === '' ? undefined : text, path)}
      />
    </Labelled>
  );
}

registerEditor({ format: 'jsonata' }, (props) => <ExpressionEditor {...props} kind="expression" />);
registerEditor({ format: 'template' }, (props) => <ExpressionEditor {...props} kind="template" />);
