/** YAML in CodeMirror, with problems as marks at their lines. */
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Text } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { makeStyles } from '@fluentui/react-components';
import { useEffect, useRef } from 'react';
import type { ProblemWire } from '../api';
import { codeBasics } from './setup';

const useStyles = makeStyles({
  host: { height: '100%', minHeight: 0, '& .cm-editor': { height: '100%' } },
});

/** Where a problem stands in the text: from its column to the end of its line. */
function diagnosticOf({ line, column, severity, message, hint }: ProblemWire, text: Text): Diagnostic {
  const at = text.line(Math.min(Math.max(line ?? 1, 1), text.lines));
  const from = Math.min(at.from + Math.max((column ?? 1) - 1, 0), at.to);
  return {
    from,
    to: Math.max(at.to, from),
    severity: severity === 'error' ? 'error' : 'warning',
    message: [message, hint].filter(Boolean).join('\n'),
  };
}

/** The smallest change that makes one text of another, so that the cursor and the view stay. */
function change(before: string, after: string): { from: number; to: number; insert: string } {
  let from = 0;
  const most = Math.min(before.length, after.length);
  while (from < most && before[from] === after[from]) from += 1;
  let behind = 0;
  while (behind < most - from && before.at(-1 - behind) === after.at(-1 - behind)) behind += 1;
  return { from, to: before.length - behind, insert: after.slice(from, after.length - behind) };
}

export default function YamlEditor(props: {
  text: string;
  label: string;
  problems: ProblemWire[];
  line?: number | undefined;
  onChange: (text: string) => void;
}): React.JSX.Element {
  const { text, label, problems, line, onChange } = props;
  const styles = useStyles();
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const changed = useRef(onChange);
  changed.current = onChange;
  useEffect(() => {
    const made = new EditorView({
      parent: host.current!,
      doc: text,
      extensions: [
        codeBasics,
        yaml(),
        lineNumbers(),
        lintGutter(),
        history(),
        bracketMatching(),
        indentOnInput(),
        indentUnit.of('  '),
        highlightActiveLine(),
        EditorState.tabSize.of(2),
        EditorView.contentAttributes.of({ 'aria-label': label }),
        // Escape, then Tab leaves the editor.
        keymap.of([...lintKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && update.transactions.some((one) => one.isUserEvent('input') || one.isUserEvent('delete') || one.isUserEvent('undo') || one.isUserEvent('redo') || one.isUserEvent('move'))) {
            changed.current(update.state.doc.toString());
          }
        }),
      ],
    });
    view.current = made;
    made.focus();
    return () => made.destroy();
    // Made once; what comes later goes in by the effects below.
  }, []);
  useEffect(() => {
    const editor = view.current!;
    const before = editor.state.doc.toString();
    if (before !== text) editor.dispatch({ changes: change(before, text) });
    editor.dispatch(setDiagnostics(editor.state, problems.map((one) => diagnosticOf(one, editor.state.doc))));
  }, [text, problems]);
  useEffect(() => {
    const editor = view.current!;
    if (!line) return;
    const at = editor.state.doc.line(Math.min(line, editor.state.doc.lines));
    editor.dispatch({ selection: { anchor: at.from }, effects: EditorView.scrollIntoView(at.from, { y: 'center' }) });
  }, [line]);
  return <div ref={host} className={styles.host} />;
}
