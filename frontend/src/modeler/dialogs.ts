/** Asking for a new document from anywhere; the shell shows the dialog. */
import { create } from 'zustand';
import type { Kind } from './documents';

interface Question {
  kind: Kind;
  answer: (name: string | null) => void;
}

export const useNewQuestion = create<{ question: Question | null }>(() => ({ question: null }));

/** Opens the dialog for a new document; resolves to its short name, or null where it was cancelled. */
export function askNew(kind: Kind): Promise<string | null> {
  return new Promise((resolve) => {
    useNewQuestion.getState().question?.answer(null);
    const answer = (name: string | null): void => {
      useNewQuestion.setState({ question: null });
      resolve(name);
    };
    useNewQuestion.setState({ question: { kind, answer } });
  });
}

/** What the shell shows beside the screen: the dialog that saves, of the flow to run, the help of a kind. */
export const useShellDialogs = create<{ save: boolean; help: HelpTopic | null; run: string | null }>(() => ({
  save: false,
  help: null,
  run: null,
}));

export interface HelpTopic {
  about: 'nodes' | 'pages' | 'profiles';
  type: string;
}

/** Opens the help of a node type, page type or profile kind beside the screen. */
export function showHelp(about: HelpTopic['about'], type: string): void {
  useShellDialogs.setState({ help: { about, type } });
}
