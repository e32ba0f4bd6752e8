/** How code looks: as Fluent's inputs do, in light and dark. The colours stand in expressions.css. */
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

export function editorTheme(multiline: boolean): Extension {
  return [
    // The page's policy takes no style element without its nonce.
    EditorView.cspNonce.of(nonce),
    EditorView.theme({
      '&': {
        fontSize: '13px',
        color: 'var(--colorNeutralForeground1)',
        backgroundColor: 'var(--colorNeutralBackground1)',
        border: '1px solid var(--colorNeutralStroke1)',
        borderBottomColor: 'var(--colorNeutralStrokeAccessible)',
        borderRadius: 'var(--borderRadiusMedium)',
        minHeight: multiline ? '88px' : '32px',
        maxHeight: '320px',
      },
      '&.cm-focused': {
        outline: '2px solid var(--colorStrokeFocus2)',
        outlineOffset: '-1px',
      },
      '.cm-scroller': { fontFamily: 'var(--fontFamilyMonospace)', lineHeight: '20px', overflow: 'auto' },
      '.cm-content': { padding: '5px 6px', caretColor: 'var(--colorNeutralForeground1)' },
      '.cm-line': { padding: '0 4px' },
      '.cm-placeholder': { color: 'var(--colorNeutralForeground4)' },
      '&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection': {
        backgroundColor: 'var(--colorBrandBackground2)',
      },
      '.cm-cursor': { borderLeftColor: 'var(--colorNeutralForeground1)' },
      '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--colorNeutralBackground5)' },
      '.cm-tooltip': {
        backgroundColor: 'var(--colorNeutralBackground1)',
        color: 'var(--colorNeutralForeground1)',
        border: '1px solid var(--colorNeutralStroke1)',
        borderRadius: 'var(--borderRadiusMedium)',
        boxShadow: 'var(--shadow16)',
      },
      '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--fontFamilyMonospace)' },
      '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '4px 8px' },
      '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
        backgroundColor: 'var(--colorBrandBackground)',
        color: 'var(--colorNeutralForegroundOnBrand)',
      },
      '.cm-completionDetail': { color: 'inherit', opacity: '0.75', fontStyle: 'normal' },
      '.cm-completionInfo': { whiteSpace: 'pre-wrap', fontFamily: 'var(--fontFamilyBase)' },
      '.cm-diagnostic-error': { borderLeftColor: 'var(--colorPaletteRedBorder2)' },
    }),
  ];
}
