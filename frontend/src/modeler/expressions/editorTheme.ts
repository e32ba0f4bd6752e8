/** How an expression's field looks: code in one of Fluent's inputs. The colours stand in expressions.css. */
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tokens } from '@fluentui/react-components';
import { codeLook } from '../code/setup';

export function editorTheme(multiline: boolean): Extension {
  return [
    EditorView.theme({
      '&': {
        fontSize: '13px',
        border: `1px solid ${tokens.colorNeutralStroke1}`,
        borderBottomColor: tokens.colorNeutralStrokeAccessible,
        borderRadius: tokens.borderRadiusMedium,
        minHeight: multiline ? '88px' : '32px',
        maxHeight: '320px',
      },
      '&.cm-focused': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-1px' },
      '.cm-scroller': { lineHeight: '20px', overflow: 'auto' },
      '.cm-content': { padding: '5px 6px' },
      '.cm-line': { padding: '0 4px' },
      '.cm-placeholder': { color: tokens.colorNeutralForeground4 },
      '&.cm-focused .cm-matchingBracket': { backgroundColor: tokens.colorNeutralBackground5 },
      '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: tokens.fontFamilyMonospace },
      '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '4px 8px' },
      '.cm-completionDetail': { color: 'inherit', opacity: '0.75', fontStyle: 'normal' },
      '.cm-completionInfo': { whiteSpace: 'pre-wrap', fontFamily: tokens.fontFamilyBase },
      '.cm-diagnostic-error': { borderLeftColor: tokens.colorPaletteRedBorder2 },
    }),
    codeLook,
  ];
}
