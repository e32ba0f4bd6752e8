/** Short messages at the edge of the screen; the shell shows them. */
import type { ToastIntent } from '@fluentui/react-components';
import { create } from 'zustand';
import { asApiError } from './api';

export interface Message {
  id: number;
  intent: ToastIntent;
  title: string;
  body?: string;
  action?: { text: string; act: () => void };
  /** Places to look at; such a message stays until it is closed. */
  links?: { text: string; href: string }[];
}

export const useMessages = create<{ messages: Message[] }>(() => ({ messages: [] }));
let count = 0;

/** Says something that needs no answer. */
export function say(title: string, more: Partial<Omit<Message, 'id' | 'title'>> = {}): void {
  count += 1;
  const message: Message = { id: count, intent: 'success', title, ...more };
  useMessages.setState(({ messages }) => ({ messages: [...messages, message] }));
}

/** Says what went wrong: `await something().catch(sayError)`. */
export function sayError(problem: unknown): void {
  const { message, hint } = asApiError(problem);
  say(message, { intent: 'error', body: hint });
}
