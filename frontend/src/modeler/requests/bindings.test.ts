import { describe, expect, test } from 'vitest';
import { bindingOf, bindings, bound, expressionsIn, firstTemplate, pathsRead, soleExpression, valueAt, withValue } from './bindings';

describe('a binding', () => {
  test('is told in words where it is one of those that are offered', () => {
    expect(bindingOf('{{ range.start }}')?.title).toBe('Start of the page’s range');
    expect(bindingOf('{{now.date}}')?.title).toBe('Today');
    expect(bindingOf('{{ folder.key }}')).toMatchObject({ group: 'variable', title: 'folder.key' });
  });

  test('is none where the text is fixed, mixed or an expression of its own', () => {
    for (const value of ['2026-01-01', 'x {{ range.start }}', "{{ $replace(a, 'b', 'c') }}", '{{ a }}{{ b }}', 5, null]) {
      expect(bindingOf(value)).toBeNull();
    }
    expect(soleExpression('{{ a }} {{ b }}')).toBeNull();
  });

  test('written is read again', () => {
    for (const group of bindings([{ name: 'folder', children: ['key'] }])) {
      for (const binding of group.bindings) expect(bindingOf(bound(binding.source))).toMatchObject({ source: binding.source, group: group.group });
    }
  });

  test('offers the variables of the flow once', () => {
    const own = bindings([{ name: 'range', children: ['start'] }, { name: 'folder', children: ['key'] }]).at(-1)!;
    expect(own.bindings.map(({ source }) => source)).toEqual(['folder', 'folder.key']);
    expect(bindings([]).map(({ group }) => group)).not.toContain('variable');
  });
});

describe('the values that a request needs', () => {
  test('are the paths that its expressions read, but not what the server knows', () => {
    const request = {
      url: '/me/mailFolders/{{ folder.key }}/messages',
      query: { a: '{{ range.start }}', b: '{{ now.week.start }}', c: ['{{ user.email }}', 7] },
      headers: { Prefer: 'outlook.timezone="{{ user.time_zone }}"' },
      body: { json: { text: "{{ input.department ? \"department eq '\" & $replace(input.department, \"it's\", '') : null }}" } },
    };
    expect(pathsRead(request)).toEqual(['folder.key', 'range.start', 'input.department']);
    expect(expressionsIn({ text: 'no expression } }' })).toEqual([]);
  });

  test('are not the names of functions, of keys or inside of texts', () => {
    expect(pathsRead('{{ $sum(items.price) & "a.b" }}')).toEqual(['items.price']);
    expect(pathsRead('{{ {name: person.name} }}')).toEqual(['person.name']);
  });

  test('are set and read at a path', () => {
    const values = withValue({ range: { start: 1 } }, 'range.end', 2);
    expect(values).toEqual({ range: { start: 1, end: 2 } });
    expect(valueAt(values, 'range.end')).toBe(2);
    expect(valueAt(values, 'range.end.more')).toBeUndefined();
    expect(withValue({ folder: 'text' }, 'folder.key', 'inbox')).toEqual({ folder: { key: 'inbox' } });
  });

  test('begin with what the flow says, else with this week', () => {
    expect(firstTemplate('folder.key', { folder: { key: 'inbox' } })).toBe('inbox');
    expect(firstTemplate('range.end', {})).toBe('{{ now.week.end }}');
    expect(firstTemplate('event.id', { event: null })).toBeUndefined();
  });
});
