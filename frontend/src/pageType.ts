/**
 * What a page type's `view.tsx` and the portal know of each other. A view's module exports
 * `default` (the component) and, where it wants to stay mounted while the flow goes round to the
 * same page, `keepAcrossSteps = true`.
 */
import type { ComponentType } from 'react';
import type { ApiError, JsonValue, Page, PageAction, StepAddress } from './api';

export interface ExitOptions {
  /** A newer call overtakes an older one of the same kind; the page stays usable meanwhile. */
  lastWins?: boolean;
  /** The caller shows errors of this exit itself (a form beside its fields). */
  ownErrors?: boolean;
}

export interface PageViewProps<View> {
  page: Page<View>;
  address: StepAddress;
  /** An exit is on its way. */
  busy: boolean;
  /** Resolves to null when the next step is shown or a newer call took over, else to the error. */
  exit: (name: string, data?: JsonValue, options?: ExitOptions) => Promise<ApiError | null>;
  /** Values of this page that a session's end interrupted, to be put back into the form. */
  draft: { [field: string]: JsonValue } | null;
}

export interface PageTypeModule {
  default: ComponentType<PageViewProps<never>>;
  keepAcrossSteps?: boolean;
}

export function pageActions(actions: PageAction[]): PageAction[] {
  return actions.filter((action) => action.on !== 'row');
}

export function rowActions(actions: PageAction[]): PageAction[] {
  return actions.filter((action) => action.on === 'row');
}

/** The action that a click on a row's name takes: the first that neither is dangerous nor asks first. */
export function openingAction(actions: PageAction[]): PageAction | undefined {
  return actions.find(({ appearance, confirm }) => appearance !== 'danger' && !confirm);
}

/** Whether the flow takes an exit; an older server does not say. */
export function takesExit(page: Page, exit: string): boolean {
  return page.exits?.includes(exit) ?? true;
}

/** `Delete {{ row.subject }}?` with the row's values; a value that is not there leaves no braces. */
export function fillConfirm(text: string, row: { [field: string]: JsonValue }): string {
  return text.replace(/\{\{\s*([^}]*?)\s*\}\}/g, (_, expression: string) => {
    const name = /^(?:row\.)?([A-Za-z_]\w*)$/.exec(expression)?.[1];
    const value = name === undefined ? undefined : row[name];
    return value === undefined || value === null || typeof value === 'object'
      ? 'this item'
      : String(value);
  });
}
