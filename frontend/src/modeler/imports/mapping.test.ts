import { describe, expect, test } from 'vitest';
import * as edit from './mapping';
import type { Mapping } from './mapping';

function example(): Mapping {
  return {
    import: {
      list: 'event',
      fields: { id: 'id', subject: 'subject', start: 'start' },
      children: {
        event_attendee: {
          items: 'attendees',
          fields: { address: 'emailAddress.address' },
          children: { event_attendee_slot: { items: 'slots', fields: { at: 'at' } } },
        },
      },
      unexpected: 'keep',
    },
    lists: {
      event: { title: 'Event', owner: 'user', key: ['id'], fields: { id: { type: 'text', hidden: true }, subject: { type: 'text' }, start: { type: 'zoned_datetime' } } },
      event_attendee: { parent: 'event', fields: { address: { type: 'text' } } },
      event_attendee_slot: { parent: 'event_attendee', fields: { at: { type: 'datetime' } } },
    },
  };
}
const attendee = ['event_attendee'];

describe('a field of a mapping', () => {
  test('that is taken out goes from a new list and its key, but stays in one that is there', () => {
    const made = edit.removeField(example(), [], 'id', false);
    expect(edit.pathsOf(made, [])).not.toHaveProperty('id');
    expect(made.lists.event).not.toHaveProperty('key');
    expect(edit.fieldsOf(made, [])).not.toHaveProperty('id');
    const kept = edit.removeField(example(), [], 'id', true);
    expect(kept.lists).toEqual(example().lists);
    expect(edit.rowsOf(kept, []).find(({ name }) => name === 'id')).toMatchObject({ on: false });
  });

  test('that was taken out is offered, and comes back as it was', () => {
    const off = edit.removeField(example(), attendee, 'address', false);
    const [row] = edit.rowsOf(off, attendee, example());
    expect(row).toMatchObject({ name: 'address', on: false, path: 'emailAddress.address' });
    expect(edit.addField(off, attendee, 'address', row!.path, row!.field)).toEqual(example());
  });

  test('is renamed everywhere, in its place, unless the name is taken', () => {
    const renamed = edit.renameField(example(), [], 'id', 'event_id');
    expect(renamed.lists.event!.key).toEqual(['event_id']);
    expect(Object.keys(edit.pathsOf(renamed, []))).toEqual(['event_id', 'subject', 'start']);
    expect(edit.renameField(example(), [], 'id', 'subject')).toEqual(example());
    expect(edit.pathsOf(edit.renameField(example(), attendee, 'address', 'mail'), attendee)).toEqual({ mail: 'emailAddress.address' });
  });

  test('that was renamed is not offered a second time', () => {
    const renamed = edit.renameField(example(), [], 'subject', 'title');
    expect(edit.rowsOf(renamed, [], example()).map(({ name }) => name)).toEqual(['id', 'title', 'start']);
  });

  test('gets and loses settings, and is part of the key or not', () => {
    const titled = edit.setField(example(), [], 'subject', { title: 'Subject', type: 'html' });
    expect(edit.fieldsOf(titled, []).subject).toEqual({ type: 'html', title: 'Subject' });
    expect(edit.fieldsOf(edit.setField(titled, [], 'subject', { title: undefined }), []).subject).toEqual({ type: 'html' });
    expect(edit.keyOf(edit.toggleKey(example(), [], 'subject'), [])).toEqual(['id', 'subject']);
    const keyed = edit.toggleKey(example(), attendee, 'address');
    expect(Object.keys(keyed.lists.event_attendee!)).toEqual(['parent', 'key', 'fields']);
    expect(edit.toggleKey(keyed, attendee, 'address')).toEqual(example());
  });
});

describe('child lists', () => {
  test('are found at any depth', () => {
    expect(edit.placesOf(example())).toEqual([[], attendee, ['event_attendee', 'event_attendee_slot']]);
  });

  test('go with what is in them, and come back', () => {
    const off = edit.removeChild(example(), attendee, false);
    expect(Object.keys(off.lists)).toEqual(['event']);
    expect(off.import).not.toHaveProperty('children');
    const back = edit.restoreChild(off, attendee, example());
    expect(back.lists).toEqual(example().lists);
    expect(edit.partAt(back, attendee)).toEqual(edit.partAt(example(), attendee));
  });
});

describe('a path of the tree', () => {
  test('is one within the items of the deepest list it lies in', () => {
    expect(edit.placeOfPath(example(), 'value.location.displayName', 'value')).toEqual({ place: [], path: 'location.displayName' });
    expect(edit.placeOfPath(example(), 'value.attendees.emailAddress.name', 'value')).toEqual({ place: attendee, path: 'emailAddress.name' });
    expect(edit.placeOfPath(example(), '`@odata.nextLink`', 'value')).toBeNull();
    expect(edit.placeOfPath(example(), 'subject', '')).toEqual({ place: [], path: 'subject' });
    const own = { ...example(), import: { ...example().import, items: 'data.rows' } };
    expect(edit.placeOfPath(own, 'data.rows.id', 'value')).toEqual({ place: [], path: 'id' });
  });

  test('tells which field reads it', () => {
    expect(edit.fieldReading(example(), 'value.subject', 'value')).toEqual({ place: [], name: 'subject' });
    expect(edit.fieldReading(example(), 'value.attendees.slots.at', 'value')).toEqual({ place: ['event_attendee', 'event_attendee_slot'], name: 'at' });
    expect(edit.fieldReading(example(), 'value.body', 'value')).toBeNull();
  });

  test('names a field, whatever it holds', () => {
    expect(edit.fieldName('location.displayName', [])).toBe('location_display_name');
    expect(edit.fieldName('`@odata.etag`', ['odata_etag'])).toBe('odata_etag_2');
    expect(edit.fieldName('日本', [])).toBe('value');
    for (const path of ['a__b', '_x', 'A1B2', '9lives']) expect(edit.fieldName(path, [])).toMatch(edit.namePattern);
  });

  test('has the type of what stands there', () => {
    expect(['a', '2026-01-02', '2026-01-02T03:04:05Z'].map((value) => edit.typeOfNode({ kind: 'text', value }))).toEqual(['text', 'date', 'datetime']);
    expect(edit.typeOfNode({ kind: 'number', value: 1.5 })).toBe('number');
  });
});

test('another name is one of all its lists', () => {
  const named = edit.renameLists(example(), 'meeting');
  expect(Object.keys(named.lists)).toEqual(['meeting', 'meeting_attendee', 'meeting_attendee_slot']);
  expect(named.lists.meeting!.title).toBe('Meeting');
  expect(named.lists.meeting_attendee_slot!.parent).toBe('meeting_attendee');
  expect(edit.placesOf(named).at(-1)).toEqual(['meeting_attendee', 'meeting_attendee_slot']);
  expect(edit.renameLists(named, 'event')).toEqual(example());
});

test('a list that is there keeps what it says and gets what it lacks', () => {
  const merged = edit.mergeList({ title: 'Mine', fields: { id: { type: 'integer' } } }, { title: 'Other', fields: { id: { type: 'text' }, more: { type: 'date' } } });
  expect(merged).toEqual({ title: 'Mine', fields: { id: { type: 'integer' }, more: { type: 'date' } } });
});
