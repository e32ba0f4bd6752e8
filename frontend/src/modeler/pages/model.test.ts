import { describe, expect, it } from 'vitest';
import { actionsOf, fieldsOf, nameFrom, newPage, type PageValue, removeAction, retitleField, setAction, shownFields, suitsBest, toggleField, withActions } from './model';

const list = {
  fields: {
    id: { type: 'text', hidden: true },
    subject: { type: 'text', title: 'Subject' },
    start: { type: 'zoned_datetime' },
    end: { type: 'zoned_datetime' },
    is_all_day: { type: 'boolean' },
    token: { type: 'text', sensitive: true },
  },
};
const fields = fieldsOf(list);
const table: PageValue = { type: 'table', title: 'Events', list: 'event' };

describe('the fields of a page', () => {
  it('are all that are not hidden where the page names none, and never a sensitive one', () => {
    expect(shownFields(table, fields)).toEqual(['subject', 'start', 'end', 'is_all_day']);
    expect(fields.map((field) => field.name)).not.toContain('token');
  });
  it('are taken away and added', () => {
    const fewer = toggleField(table, fields, 'end');
    expect(fewer.columns).toEqual(['subject', 'start', 'is_all_day']);
    expect(toggleField(fewer, fields, 'id').columns).toEqual(['subject', 'start', 'is_all_day', 'id']);
  });
  it('never become none, which no page may have', () => {
    const one: PageValue = { ...table, columns: ['subject'] };
    expect(toggleField(one, fields, 'subject')).toEqual(one);
  });
  it('take a title of their own and lose it', () => {
    const titled = retitleField(table, fields, 'start', 'From');
    expect(titled.columns).toEqual(['subject', { field: 'start', title: 'From' }, 'end', 'is_all_day']);
    expect(retitleField(titled, fields, 'start', '').columns).toEqual(['subject', 'start', 'end', 'is_all_day']);
  });
});

describe('a new page', () => {
  it('over a list with a start and an end is a calendar with its places filled', () => {
    expect(suitsBest(list)).toBe('calendar');
    expect(newPage('calendar', 'Week', 'event', list)).toEqual({
      type: 'calendar', title: 'Week', list: 'event',
      fields: { title: 'subject', start: 'start', end: 'end', all_day: 'is_all_day' },
    });
  });
  it('over another list is a table', () => {
    expect(suitsBest({ fields: { name: { type: 'text' } } })).toBe('table');
    expect(suitsBest(undefined)).toBe('table');
  });
});

describe('actions', () => {
  it('are set without what is empty, put in order and removed', () => {
    const two = setAction(setAction(table, 'add', { title: 'New', icon: '' }), 'open', { title: 'Open', on: 'row' });
    expect(two.actions).toEqual({ add: { title: 'New' }, open: { title: 'Open', on: 'row' } });
    const turned = Object.fromEntries(Object.entries(actionsOf(two)).reverse());
    expect(Object.keys(withActions(two, turned).actions as object)).toEqual(['open', 'add']);
    expect(removeAction(removeAction(two, 'add'), 'open')).toEqual(table);
  });
});

describe('a name', () => {
  it('is made of what people write, in any script, and numbered where taken', () => {
    expect(nameFrom('Meine Übersicht!', [])).toBe('meine_u_bersicht');
    expect(nameFrom('予定', ['page'])).toBe('page_2');
    expect(nameFrom('3 days', [])).toBe('days');
  });
});
