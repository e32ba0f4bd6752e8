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
