import { describe, expect, test } from 'vitest';
import { addField, optionsText, readOptions, removeField, setField, toggleKey, withValue } from './model';

const list = () => ({ title: 'Events', key: ['id'], fields: { id: { type: 'text', hidden: true }, show_as: { type: 'text', options: ['free'] } } });

describe('a list', () => {
  test('says what is said and nothing else', () => {
    expect(withValue(list(), 'owner', undefined)).toEqual(list());
    expect(Object.keys(withValue(list(), 'owner', 'shared'))).toEqual(['title', 'key', 'owner', 'fields']);
    expect(setField(list(), 'id', { hidden: false }).fields).toMatchObject({ id: { type: 'text' } });
    expect(setField(list(), 'id', { hidden: false })).not.toHaveProperty('fields.id.hidden');
  });

  test('drops what a field of another type cannot have', () => {
    expect(setField(list(), 'show_as', { type: 'integer' }).fields).toHaveProperty('show_as', { type: 'integer' });
    const reference = setField(list(), 'id', { type: 'reference', list: 'person' });
    expect(setField(reference, 'id', { type: 'text' }).fields).toHaveProperty('id', { type: 'text', hidden: true });
  });

  test('gets fields with free names, and loses them with their place in the key', () => {
    const { list: added, name } = addField(list(), 'Show as');
    expect(name).toBe('show_as_2');
    expect(added.fields).toMatchObject({ show_as_2: { type: 'text', title: 'Show as' } });
    expect(removeField(list(), 'id')).toEqual({ title: 'Events', fields: { show_as: { type: 'text', options: ['free'] } } });
    expect(removeField(list(), 'show_as').key).toEqual(['id']);
  });

  test('has a key of several fields, or none', () => {
    expect(toggleKey(list(), 'show_as').key).toEqual(['id', 'show_as']);
    expect(toggleKey(list(), 'id')).not.toHaveProperty('key');
  });
});

describe('options', () => {
  test('are lines, and lines are options', () => {
    for (const options of [['free', 'busy'], { free: 'Free', oof: 'Away' }, ['2', '1']]) expect(readOptions(optionsText(options))).toEqual(options);
    expect(readOptions(' free = Free \n\n busy\n= nothing')).toEqual({ free: 'Free', busy: 'busy' });
    expect(readOptions(' \n')).toBeUndefined();
  });
});
