/** JSONata and templates for the editor: colours and brackets. What is right or wrong the server says. */
import { HighlightStyle, StreamLanguage, syntaxHighlighting, type StringStream } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { tags } from '@lezer/highlight';
import type { SourceKind } from './places';

interface State {
  inside: boolean;
}

function expressionToken(stream: StringStream): string | null {
  if (stream.eatSpace()) return null;
  if (stream.match(/^\/\*.*?\*\//)) return 'comment';
  if (stream.match(/^"(?:[^"\\]|\\.)*"?|^'(?:[^'\\]|\\.)*'?/)) return 'string';
  if (stream.match(/^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/)) return 'number';
  if (stream.match(/^\$[\w$]*/)) return 'variableName.function';
  if (stream.match(/^(?:true|false|null|and|or|in|function)\b/)) return 'keyword';
  if (stream.match(/^`[^`]*`?/) || stream.match(/^[\p{L}_][\p{L}\p{N}_]*/u)) return 'variableName';
  if (stream.match(/^[-+*/%&=!<>?:~^|]+/)) return 'operator';
  stream.next();
  return null;
}

function languageOf(kind: SourceKind): StreamLanguage<State> {
  return StreamLanguage.define<State>({
    name: kind,
    startState: () => ({ inside: kind === 'expression' }),
    copyState: (state) => ({ ...state }),
    token(stream, state) {
      if (kind === 'expression') return expressionToken(stream);
      if (state.inside) {
        if (stream.match('}}')) {
          state.inside = false;
          return 'bracket';
        }
        return expressionToken(stream);
      }
      if (stream.match('{{{{')) return 'escape';
      if (stream.match('{{')) {
        state.inside = true;
        return 'bracket';
      }
      stream.next();
      stream.eatWhile(/[^{]/);
      return null;
    },
    languageData: { closeBrackets: { brackets: ['(', '[', '{', '"', "'", '`'] } },
  });
}

const style = HighlightStyle.define([
  { tag: tags.string, color: 'var(--gw-code-string)' },
  { tag: tags.number, color: 'var(--gw-code-number)' },
  { tag: tags.keyword, color: 'var(--gw-code-keyword)' },
  { tag: tags.function(tags.variableName), color: 'var(--gw-code-function)' },
  { tag: tags.variableName, color: 'var(--gw-code-name)' },
  { tag: tags.comment, color: 'var(--gw-code-comment)', fontStyle: 'italic' },
  { tag: [tags.bracket, tags.escape], color: 'var(--gw-code-bracket)', fontWeight: '600' },
  { tag: tags.operator, color: 'var(--gw-code-bracket)' },
]);

export function highlighted(kind: SourceKind): Extension {
  return [languageOf(kind), syntaxHighlighting(style)];
}
