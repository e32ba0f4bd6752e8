/** Two versions of a text: what was changed, in one column, or side by side. Read only. */
import { yaml } from '@codemirror/lang-yaml';
import { MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { makeStyles } from '@fluentui/react-components';
import { useEffect, useRef } from 'react';
import { codeBasics } from './setup';

const useStyles = makeStyles({
  host: { minHeight: 0, height: '100%', overflow: 'auto', '& .cm-editor': { height: 'auto' } },
});

const collapse = { margin: 3, minSize: 6 };

export default function DiffView(props: {
  before: string;
  after: string;
  label: string;
  sideBySide?: boolean;
}): React.JSX.Element {
  const { before, after, label, sideBySide = false } = props;
  const styles = useStyles();
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const parent = host.current!;
    const common = [
      codeBasics,
      yaml(),
      lineNumbers(),
      EditorState.readOnly.of(true),
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
      EditorView.editable.of(false),
    ];
    const view = sideBySide
      ? new MergeView({
          parent,
          a: { doc: before, extensions: common },
          b: { doc: after, extensions: common },
          collapseUnchanged: collapse,
          gutter: true,
        })
      : new EditorView({
          parent,
          doc: after,
          extensions: [
            ...common,
            unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged: collapse }),
          ],
        });
    return () => view.destroy();
  }, [before, after, label, sideBySide]);
  return <div ref={host} className={styles.host} />;
}
