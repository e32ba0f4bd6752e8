import { describe, expect, it } from 'vitest';
import type { PageAction } from './api';
import { openingAction } from './pageType';

function action(name: string, more: Partial<PageAction> = {}): PageAction {
  return { name, title: name, on: 'row', ...more };
}

describe('the action that a click on a row takes', () => {
  it('is the first that neither is dangerous nor asks first', () => {
    const actions = [
      action('delete', { appearance: 'danger' }),
      action('disable', { confirm: 'Sure?' }),
      action('open', { appearance: 'default', confirm: null }),
      action('edit'),
    ];
    expect(openingAction(actions)?.name).toBe('open');
  });

  it('is none where every action is dangerous or asks', () => {
    expect(openingAction([action('delete', { appearance: 'danger' }), action('disable', { confirm: 'Sure?' })])).toBeUndefined();
    expect(openingAction([])).toBeUndefined();
  });
});
