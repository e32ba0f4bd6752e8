/** Query parameters and headers that Microsoft Graph knows, in a person's words. */

export interface KnownName {
  name: string;
  hint: string;
  value: string;
}

export const knownParameters: KnownName[] = [
  { name: '$select', hint: 'Only these properties, by comma.', value: '' },
  { name: '$filter', hint: 'Only items for which this holds.', value: '' },
  { name: '$orderby', hint: 'Sorted by these properties.', value: '' },
  { name: '$top', hint: 'How many items a page has.', value: '100' },
  { name: '$expand', hint: 'Related items as well.', value: '' },
  { name: '$search', hint: 'Only items with these words.', value: '' },
  { name: '$count', hint: 'How many items there are in all.', value: 'true' },
  { name: '$skip', hint: 'Leaves out the first items.', value: '' },
  { name: 'startDateTime', hint: 'Of a calendar view: from when on.', value: '{{ range.start }}' },
  { name: 'endDateTime', hint: 'Of a calendar view: until when.', value: '{{ range.end }}' },
];

export const knownHeaders: KnownName[] = [
  { name: 'Prefer', hint: 'Times in the user’s own time zone.', value: 'outlook.timezone="{{ user.time_zone }}"' },
  { name: 'ConsistencyLevel', hint: 'Needed by $search and $count in the directory.', value: 'eventual' },
  { name: 'If-Match', hint: 'Only where nobody changed it meanwhile: the version.', value: '' },
  { name: 'Accept', hint: 'Which kind of answer is wanted.', value: 'application/json' },
  { name: 'Accept-Language', hint: 'In which language.', value: 'en-US' },
];
