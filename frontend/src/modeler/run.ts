/** Opens the draft in the portal; a flow that runs unattended is run at once. */
import { type JsonValue, type RunStarted, startRun } from './api';
import { useShellDialogs } from './dialogs';
import { flush, useModel } from './documents';
import { shortName } from './places';
import { say, sayError } from './toasts';

function tell(problems: RunStarted['problems']): void {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  say(`The draft cannot run yet: ${errors} to mend.`, { intent: 'error', body: problems[0]?.message ?? '' });
}

/** Runs an action flow; gives the id of its trace, or null where the draft cannot run, which is said. */
export async function runAction(flow: string, inputs: { [name: string]: JsonValue }, account: string | null): Promise<string | null> {
  await flush();
  const { run, problems } = await startRun({ flow, inputs, account });
  if (run === null) tell(problems);
  return run;
}

/** Runs the draft from the flow that a document is, or from its home; asks what an action flow needs. */
export async function runDraft(document?: string): Promise<void> {
  const { documents } = useModel.getState();
  const entry = documents.find(({ name }) => name === document);
  const flow = entry?.kind === 'flow' ? shortName(entry.name) : null;
  if (flow && entry?.type === 'action') {
    useShellDialogs.setState({ run: flow });
    return;
  }
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
    else tell(problems);
  } catch (problem) {
    tab?.close();
    sayError(problem);
  }
}
