/** The editor of one expression or template: CodeMirror, loaded only when a field is shown. */
import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, keymap, placeholder as placeholderOf } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { editorTheme } from './editorTheme';
import { highlighted } from './language';
import { type Offer, type SourceKind } from './places';

export interface EditorProps {
  value: string;
  onChange: (value: string) => void;
  kind: SourceKind;
  /** The accessible name. */
  label: string;
  describedBy?: string;
  placeholder?: string;
  multiline?: boolean;
  readOnly?: boolean;
  /** What can stand at a position of a text, and from where on it replaces. */
  offers: (text: string, position: number) => Promise<{ from: number; offers: Offer[] }>;
  /** What is wrong, and at which character. */
  problem: { message: string; position: number } | null;
  onBlur?: () => void;
}

export default function Editor(props: EditorProps): React.JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const typed = useRef<string[]>([]);
  const { kind, label, describedBy, multiline = false, readOnly = false, placeholder = '' } = props;

  useEffect(() => {
    const made = new EditorView({
      parent: host.current!,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          extensions(latest, typed, kind, multiline),
          EditorState.readOnly.of(readOnly),
          placeholderOf(placeholder),
          EditorView.contentAttributes.of({
            'aria-label': label,
            'aria-multiline': String(multiline),
            ...(describedBy ? { 'aria-describedby': describedBy } : {}),
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, [kind, label, describedBy, multiline, readOnly, placeholder]);

  useEffect(() => {
    // What was typed comes back as a value a moment later, when more may stand here already.
    const echo = typed.current.indexOf(props.value);
    typed.current.splice(0, echo + 1);
    const shown = view.current;
    if (echo >= 0 || !shown || shown.state.doc.toString() === props.value) return;
    shown.dispatch({ changes: { from: 0, to: shown.state.doc.length, insert: props.value } });
  }, [props.value]);

  useEffect(() => {
    const shown = view.current;
    if (!shown) return;
    shown.dispatch(setDiagnostics(shown.state, props.problem ? [mark(shown.state, props.problem)] : []));
  }, [props.problem, props.value]);

  return <div ref={host} />;
}

function mark(state: EditorState, problem: { message: string; position: number }): Diagnostic {
  const end = state.doc.length;
  const from = Math.min(Math.max(problem.position, 0), Math.max(end - 1, 0));
  return { from, to: Math.min(from + 1, end), severity: 'error', message: problem.message };
}

function extensions(
  latest: React.RefObject<EditorProps>,
  typed: React.RefObject<string[]>,
  kind: SourceKind,
  multiline: boolean,
): Extension {
  const complete = async (context: CompletionContext): Promise<CompletionResult | null> => {
    const text = context.state.doc.toString();
    const { from, offers } = await latest.current.offers(text, context.pos);
    if (offers.length === 0 || (from === context.pos && !context.explicit && !/[.$]$/.test(text.slice(0, context.pos)))) {
      return null;
    }
    return { from, options: offers, validFor: /^\$?[\p{L}\p{N}_]*$/u };
  };
  return [
    history(),
    highlighted(kind),
    bracketMatching(),
    closeBrackets(),
    autocompletion({ override: [complete], icons: false }),
    // Tab takes what is offered, and else leaves the field: nobody is caught in it.
    keymap.of([{ key: 'Tab', run: acceptCompletion }, ...closeBracketsKeymap, ...completionKeymap]),
    keymap.of([...defaultKeymap.filter((one) => multiline || one.key !== 'Enter'), ...historyKeymap]),
    multiline ? [] : EditorState.transactionFilter.of((change) => (change.newDoc.lines > 1 ? [] : change)),
    EditorView.lineWrapping,
    EditorView.updateListener.of((update) => {
      if (!update.docChanged) return;
      const text = update.state.doc.toString();
      if (text === latest.current.value) return;
      typed.current.push(text);
      latest.current.onChange(text);
    }),
    EditorView.domEventHandlers({ blur: () => latest.current.onBlur?.() }),
    editorTheme(multiline),
  ];
}
