/** Opens the draft in the portal. */
import { startRun } from './api';
import { flush, useModel } from './documents';
import { shortName } from './places';
import { say, sayError } from './toasts';

/** Runs the draft from the flow that a document is, or from its home. */
export async function runDraft(document?: string): Promise<void> {
  const { documents } = useModel.getState();
  const entry = documents.find(({ name }) => name === document);
  const flow = entry?.kind === 'flow' && entry.type !== 'action' ? shortName(entry.name) : null;
  // Opened before anything is awaited, else the browser takes it for an unasked pop-up.
  const tab = window.open('', '_blank');
  try {
    await flush();
    const { url, problems } = await startRun({ flow, inputs: {} });
    if (url && tab) {
      tab.opener = null;
      tab.location.href = url;
      return;
    }
    tab?.close();
    if (url) say('The browser blocked the new tab.', { intent: 'warning', body: `The portal is at ${url}` });
    else {
      const errors = problems.filter(({ severity }) => severity === 'error').length;
      say(`The draft cannot run yet: ${errors} to mend.`, { intent: 'error', body: problems[0]?.message ?? '' });
    }
  } catch (problem) {
    tab?.close();
    sayError(problem);
  }
}
