/** What every CodeMirror editor of the modeler has: Fluent's colours and the page's nonce; highlighting. */
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tokens } from '@fluentui/react-components';
import { tags } from '@lezer/highlight';

const theme = EditorView.theme({
  '&': {
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorNeutralForeground1,
    fontSize: tokens.fontSizeBase200,
  },
  '.cm-scroller': { fontFamily: tokens.fontFamilyMonospace, lineHeight: '1.55' },
  '.cm-content': { caretColor: tokens.colorNeutralForeground1 },
  '.cm-cursor': { borderLeftColor: tokens.colorNeutralForeground1 },
  '.cm-gutters': {
    backgroundColor: tokens.colorNeutralBackground2,
    color: tokens.colorNeutralForeground3,
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: tokens.colorSubtleBackgroundHover },
  '&.cm-focused': { outline: 'none' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: `${tokens.colorBrandBackground2Hover} !important`,
  },
  '.cm-tooltip': {
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorNeutralForeground1,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusMedium,
    boxShadow: tokens.shadow8,
  },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: tokens.colorBrandBackground,
    color: tokens.colorNeutralForegroundOnBrand,
  },
  '.cm-insertedLine, .cm-changedLine': { backgroundColor: `${tokens.colorPaletteGreenBackground1} !important` },
  '.cm-deletedChunk': { backgroundColor: `${tokens.colorPaletteRedBackground1} !important` },
  '.cm-insertedLine .cm-changedText, .cm-changedText': {
    background: `${tokens.colorPaletteGreenBackground2} !important`,
  },
  '.cm-deletedText': { background: `${tokens.colorPaletteRedBackground2} !important` },
  '.cm-collapsedLines': {
    background: `${tokens.colorNeutralBackground3} !important`,
    color: tokens.colorNeutralForeground2,
  },
});

const highlighting = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: tokens.colorPaletteBlueForeground2 },
  { tag: [tags.string, tags.special(tags.string)], color: tokens.colorPaletteDarkOrangeForeground1 },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: tokens.colorPalettePurpleForeground2 },
  { tag: tags.comment, color: tokens.colorNeutralForeground2, fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.separator], color: tokens.colorNeutralForeground2 },
  { tag: tags.invalid, color: tokens.colorPaletteRedForeground1 },
]);

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

/** How code looks, whatever it is. The page's policy takes no style element without its nonce. */
export const codeLook: Extension = [theme, EditorView.cspNonce.of(nonce)];

export const codeBasics: Extension = [
  codeLook,
  syntaxHighlighting(highlighting),
  EditorView.lineWrapping,
  // Also what cannot be edited is reached and scrolled by the keyboard.
  EditorView.contentAttributes.of({ tabindex: '0' }),
];
