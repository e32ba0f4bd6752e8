/**
 * A stand-in for the portal's server, for work on the front end alone. It serves what `npm run build`
 * made, under the real content security policy, with believable data for every page type.
 *
 *   node dev/mock-server.mjs [port]        then http://127.0.0.1:8000/
 *   /?mock=signed-out and /fail show the other states.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const port = Number(process.argv[2] ?? 8000);
const root = fileURLToPath(new URL('../../src/graphwright/static/', import.meta.url));
const types = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.html': 'text/html' };
let signedIn = true;
let expireNext = false;

const day = 86_400_000;
const monday = (at) => {
  const date = new Date(at);
  date.setUTCHours(0, 0, 0, 0);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.getTime();
};
const iso = (ms) => new Date(ms).toISOString().replace('.000Z', 'Z');
const date = (ms) => iso(ms).slice(0, 10);

const deleted = new Set();
function eventsIn(start, end) {
  const subjects = [
    ['Weekly product review', 'Room Aurora', 9, 60], ['1:1 with Priya', 'Teams', 10.5, 30],
    ['Design critique: onboarding', 'Studio 2', 11, 90], ['Lunch with Tomás', 'Café Zwölf', 12, 60],
    ['Budget check-in', 'Teams', 14, 45], ['Hiring panel – 面接', 'Room Kyoto', 15, 60],
    ['Focus time', '', 8, 60], ['Customer call: Contoso', 'Teams', 16, 60],
  ];
  const events = [];
  for (let at = monday(Date.parse(start)); at < Date.parse(end); at += day) {
    const weekday = new Date(at).getUTCDay();
    if (weekday === 0 || weekday === 6) continue;
    subjects.forEach(([title, location, hour, minutes], index) => {
      if ((index + weekday) % 3 === 0) return;
      const begin = at + (hour + 8) * 3_600_000;
      events.push({ key: `e${date(at)}-${index}`, title, start: iso(begin), end: iso(begin + minutes * 60_000), all_day: false, location, category: index === 7 ? 'Customers' : null });
    });
    if (weekday === 3) events.push({ key: `a${date(at)}`, title: 'Offsite in Lisbon', start: date(at), end: date(at + 2 * day), all_day: true, location: 'Lisbon', category: null });
  }
  return events.filter(({ key }) => !deleted.has(key));
}

const firsts = ['Priya', 'Tomás', 'Aiko', 'Lena', 'Omar', 'Grace', 'Mateo', 'Søren', 'Zoë', 'Ravi', '李', 'Nadia'];
const lasts = ['Sharma', 'Álvarez', 'Tanaka', 'Fischer', 'Haddad', 'Okafor', 'Rossi', 'Lindqvist', 'van Dijk', 'Patel', '伟', 'Novak'];
const jobs = ['Engineer', 'Designer', 'Account manager', 'Analyst', 'Director', 'Recruiter', 'Product manager'];
const people = Array.from({ length: 100_000 }, (_, i) => {
  const first = firsts[i % 12];
  const last = lasts[Math.floor(i / 12) % 12];
  return { _key: `p${i}`, name: `${first} ${last}`, job: jobs[i % 7], mail: `person${i}@example.com`, office: ['Berlin', 'Lisbon', 'Kolkata', 'Auckland', null][i % 5], age: 22 + (i % 43), manager: i % 11 === 0, joined: date(Date.UTC(2012, 0, 1) + (i % 5000) * day) };
});
const columns = [
  { name: 'name', title: 'Name', type: 'text' }, { name: 'job', title: 'Job title', type: 'text' },
  { name: 'mail', title: 'Mail', type: 'text' }, { name: 'office', title: 'Office', type: 'text' },
  { name: 'age', title: 'Age', type: 'integer' }, { name: 'manager', title: 'Manager', type: 'boolean' },
  { name: 'joined', title: 'Joined', type: 'date' },
];

const folders = [
  { key: 'inbox', title: 'Inbox', unread: 7, total: 240 }, { key: 'drafts', title: 'Drafts', unread: 0, total: 2 },
  { key: 'sent', title: 'Sent Items', unread: 0, total: 88 }, { key: 'archive', title: 'Archive', unread: 0, total: 1200 },
  { key: 'deleted', title: 'Deleted Items', unread: 1, total: 14 },
];
const subjects = ['Notes from Tuesday', 'Your expenses were approved', 'Re: Launch checklist', 'Lunch on Thursday?', 'Quarterly numbers, first look', 'お問い合わせ', 'Welcome aboard, Nadia!'];
const messagesOf = (folder) => Array.from({ length: folders.find(({ key }) => key === folder)?.total ?? 0 }, (_, i) => ({
  _key: `${folder}-${i}`, from: `${firsts[i % 12]} ${lasts[i % 12]}`, subject: subjects[i % 7],
  preview: 'Hi, thanks for the quick turnaround on this. I have put the open points below so that we can decide on Thursday.',
  received: iso(Date.now() - i * 5_400_000), unread: folder === 'inbox' && i < 7, has_attachments: i % 4 === 0,
}));

const steps = new Map();
let counter = 0;
function page(path, body, notice = null) {
  counter += 1;
  const step = { kind: 'page', instance: 'mock_1', step: counter, path, page: body, notice };
  steps.set(`mock_1/${counter}`, step);
  return step;
}
function calendar(zone, range, notice) {
  const offset = Date.parse(`${new Date().toLocaleString('sv-SE', { timeZone: zone }).replace(' ', 'T')}Z`) - Math.floor(Date.now() / 1000) * 1000;
  const start = range?.start ?? iso(monday(Date.now() + offset) - offset);
  const end = range?.end ?? iso(monday(Date.now() + offset) - offset + 7 * day);
  return page('/calendar', {
    name: 'calendar', type: 'calendar', title: 'Calendar', description: null,
    actions: [
      { name: 'add', title: 'New event', icon: 'add', appearance: 'primary', on: 'page', confirm: null },
      { name: 'edit', title: 'Open', icon: null, appearance: null, on: 'row', confirm: null },
      { name: 'delete', title: 'Delete', icon: null, appearance: 'danger', on: 'row', confirm: 'Delete {{ row.subject }}?' },
    ],
    exits: ['range_changed', 'add', 'edit', 'delete'],
    view: { mode: 'week', range: { start, end }, time_zone: zone, events: eventsIn(start, end) },
  }, notice);
}
const peoplePage = () => page('/people', {
  name: 'people', type: 'table', title: 'People', description: 'Everybody in the company.',
  actions: [
    { name: 'refresh', title: 'Refresh', icon: 'refresh', appearance: null, on: 'page', confirm: null },
    { name: 'open', title: 'Open', icon: null, appearance: null, on: 'row', confirm: null },
    { name: 'delete', title: 'Remove', icon: 'delete', appearance: 'danger', on: 'row', confirm: 'Remove {{ row.name }}?' },
  ],
  view: { list: 'person', columns, default_sort: 'name:asc', search: true },
});
const mailPage = () => page('/mail', {
  name: 'mail', type: 'message', title: 'Mail', description: null,
  actions: [
    { name: 'refresh', title: 'Refresh', icon: 'refresh', appearance: null, on: 'page', confirm: null },
    { name: 'reply', title: 'Reply', icon: 'reply', appearance: 'primary', on: 'row', confirm: null },
    { name: 'delete', title: 'Delete', icon: 'delete', appearance: null, on: 'row', confirm: 'Delete “{{ row.subject }}”?' },
    { name: 'move', title: 'Move', icon: 'move', appearance: null, on: 'row', confirm: null },
  ],
  view: { folders, folder: 'inbox', search: true, folder_filter: true, folder_exit: false },
});
const formPage = (data) => page('/calendar', {
  name: 'event-form', type: 'form', title: data?.key ? 'Edit event' : 'New event', description: 'It is written to your calendar in Microsoft 365.', actions: [],
  view: {
    fields: [
      { name: 'subject', title: 'Subject', type: 'text', required: true, value: data?.key ? 'Weekly product review' : null },
      { name: 'is_all_day', title: 'All day', type: 'boolean', required: false, value: data?.all_day ?? false },
      { name: 'start', title: 'Start', type: 'zoned_datetime', required: true, value: { dateTime: (data?.start ?? iso(monday(Date.now()) + 9 * 3_600_000)).replace('Z', ''), timeZone: 'UTC' } },
      { name: 'end', title: 'End', type: 'zoned_datetime', required: true, value: { dateTime: (data?.end ?? iso(monday(Date.now()) + 10 * 3_600_000)).replace('Z', ''), timeZone: 'UTC' } },
      { name: 'location', title: 'Location', type: 'text', required: false, value: '', description: 'A room, an address or a link.' },
      { name: 'show_as', title: 'Show as', type: 'text', required: false, value: 'busy', options: [{ value: 'free', title: 'Free' }, { value: 'busy', title: 'Busy' }, { value: 'oof', title: 'Away' }] },
      { name: 'seats', title: 'Seats', type: 'integer', required: false, value: 8 },
      { name: 'reminder', title: 'Reminder', type: 'duration', required: false, value: 'PT15M' },
      { name: 'due', title: 'Agenda due', type: 'date', required: false, value: null },
      { name: 'body', title: 'Notes', type: 'html', required: false, value: '<p>Bring the <b>numbers</b>.</p><p>See you there.</p>' },
    ],
    submit: { title: 'Save' }, cancel: true,
  },
});
const detailPage = (key) => {
  const person = people.find(({ _key }) => _key === key) ?? people[0];
  return page('/people', {
    name: 'person', type: 'detail', title: person.name, description: person.job,
    actions: [
      { name: 'back', title: 'Back', icon: null, appearance: null, on: 'page', confirm: null },
      { name: 'edit', title: 'Edit', icon: 'edit', appearance: 'primary', on: 'row', confirm: null },
    ],
    view: {
      row: person,
      fields: [...columns.map((column) => ({ ...column, value: person[column.name] })),
        { name: 'start', title: 'First day', type: 'zoned_datetime', value: { dateTime: '2026-11-23T09:00:00', timeZone: 'Europe/Berlin' } },
        { name: 'seen', title: 'Last seen', type: 'datetime', value: '2026-11-23T08:00:00Z' },
        { name: 'about', title: 'About', type: 'html', value: '<p>Likes <b>tea</b>.</p>' },
        { name: 'raw', title: 'Raw', type: 'json', value: { a: [1, 2], b: null } }],
    },
  });
};

const withReport = (run) => ({
  ...run,
  visits: run.way.map((node, i) => ({ flow: run.flow, node, exit: 'default', ms: 12.5 * (i + 1) })),
  report: {
    meter: { requests: 23, retries: 2, waited_s: 3.4, bytes_in: 1_234_567, bytes_out: 840, pages: 20, deferred_until: null },
    imports: { event: { inserted: 1900, updated: 60, unchanged: 40, deleted: 3, skipped: 1, duplicates: 0, resumed: false, reasons: [['item 412', 'the key is required and has no value']] } },
    failures: run.error ? [{ ...run.error, place: { node: 'load_events' } }] : [],
  },
});

const failure = (status, code, message, hint, more = {}) => ({ status, body: { error: { code, message, hint, request_id: 'req-7f31', ...more } } });

function start(path, zone) {
  if (path === '/' || path === '/calendar') return calendar(zone);
  if (path === '/people') return peoplePage();
  if (path === '/mail') return mailPage();
  if (path === '/event') return formPage(null);
  if (path === '/person') return detailPage('p1');
  if (path === '/done') return { kind: 'end', path: '/calendar', title: 'All done', message: 'Your request was sent to the team.', tone: 'success' };
  return null;
}

function exits(step, exit, data, zone) {
  const { name } = step.page;
  if (expireNext) {
    expireNext = false;
    signedIn = false;
    return failure(401, 'signInRequired', 'Sign in again.', '');
  }
  if (name === 'calendar') {
    if (exit === 'range_changed') return calendar(zone, data);
    if (exit === 'add' || exit === 'edit') return formPage(data);
    if (exit === 'delete') {
      deleted.add(data.key);
      return calendar(zone, step.page.view.range, 'The event was deleted.');
    }
  }
  if (name === 'event-form') {
    if (exit === 'cancel') return calendar(zone);
    if (data.values.subject === 'refuse') return failure(422, 'formInvalid', 'Some values cannot be saved.', 'Correct the marked fields.', { fields: { subject: 'This subject is taken.' } });
    if (data.values.subject === 'expire') {
      signedIn = false;
      return failure(401, 'signInRequired', 'Sign in again.', '');
    }
    if (data.values.subject === 'graph') return failure(503, 'graphUnavailable', 'Microsoft Graph is busy (429).', 'Wait a minute and try again.');
    return calendar(zone, null, 'The event was saved.');
  }
  if (name === 'people') return exit === 'open' ? detailPage(data.key) : peoplePage();
  if (name === 'person') return exit === 'back' ? peoplePage() : formPage(null);
  if (name === 'mail') return exit === 'reply' ? formPage(null) : mailPage();
  return failure(404, 'exitUnknown', `The page has no exit “${exit}”.`, '');
}

function matches(row, { field, op, value }) {
  const own = row[field];
  if (op === 'empty') return own === null || own === '';
  if (op === 'not_empty') return own !== null && own !== '';
  if (op === 'contains') return String(own ?? '').toLowerCase().includes(String(value).toLowerCase());
  if (op === 'starts_with') return String(own ?? '').toLowerCase().startsWith(String(value).toLowerCase());
  if (op === 'eq') return own === value;
  if (op === 'ne') return own !== value;
  if (op === 'gt') return own > value;
  if (op === 'ge') return own >= value;
  if (op === 'lt') return own < value;
  return own <= value;
}

function rows(step, query) {
  let found = step.page.type === 'message' ? messagesOf(JSON.parse(query.get('filter') ?? '[]').find(({ field }) => field === 'folder')?.value ?? 'inbox') : people;
  const filter = JSON.parse(query.get('filter') ?? '[]');
  found = found.filter((row) => filter.every((one) => one.field === 'folder' || matches(row, one)));
  const search = query.get('search')?.toLowerCase();
  if (search) found = found.filter((row) => JSON.stringify(row).toLowerCase().includes(search));
  const [field, direction] = (query.get('sort') ?? '').split(',')[0].split(':');
  if (field) {
    const sign = direction === 'desc' ? -1 : 1;
    found = [...found].sort((a, b) => sign * (typeof a[field] === 'string' ? String(a[field]).localeCompare(String(b[field])) : (a[field] > b[field]) - (a[field] < b[field])));
  }
  const offset = Number(query.get('offset') ?? 0);
  return { rows: found.slice(offset, offset + Number(query.get('limit') ?? 100)), total: found.length, offset };
}

const frame = (images) => `<!doctype html><html lang="en"><head><title>Message</title><style>body{font:14px/1.5 "Segoe UI",sans-serif;margin:16px;color:#242424;background:#fff}</style></head><body><p>Hi,</p><p>thanks for the quick turnaround on this. The open points:</p><ul><li>Pricing for the spring release</li><li>Who presents on Thursday</li></ul><p>${images ? '<i>(the images are shown)</i>' : ''}</p><p>Best,<br>Aiko</p></body></html>`;

function api(request, url, body) {
  const zone = request.headers['x-time-zone'] ?? 'UTC';
  if (url.pathname === '/api/session') {
    return { status: 200, body: {
      signed_in: signedIn, user: signedIn ? { name: 'Nadia Novak', email: 'nadia@example.com' } : null,
      application: { title: 'My day', home: '/calendar', navigation: signedIn ? [{ title: 'Calendar', path: '/calendar', icon: 'calendar' }, { title: 'Mail', path: '/mail', icon: 'mail' }, { title: 'People', path: '/people', icon: 'people' }] : [] },
      csrf_token: 'mock', sign_in: [{ title: 'Microsoft 365', url: '/auth/sign-in?profile=graph-user' }], may_see_runs: signedIn,
    } };
  }
  if (url.pathname === '/auth/sign-out') {
    signedIn = false;
    return { status: 200, body: { url: '/' } };
  }
  if (!signedIn) return failure(401, 'signInRequired', 'Sign in to see this.', '');
  if (/^\/api\/runs(\/|$)/.test(url.pathname)) {
    const runs = ['calendar', 'mail', 'people', 'calendar', 'sync-people'].map((flow, i) => ({
      id: `r${i}`, flow, who: i === 4 ? null : 'nadia@example.com', started_at: iso(Date.now() - i * 4_000_000), duration_ms: 240 + i * 900,
      way: ['authorize', 'load_events', 'import_events', 'show_calendar'].slice(0, i === 2 ? 2 : 4), counts: i === 2 ? null : { inserted: i * 7, updated: 3, deleted: 0, skipped: 0 },
      error: i === 2 ? { code: 'graphForbidden', message: 'Graph refused: Authorization_RequestDenied.' } : null, status: i === 2 ? 'failed' : 'done' }));
    const one = runs.find((run) => url.pathname === `/api/runs/${run.id}`);
    if (url.pathname !== '/api/runs') return one ? { status: 200, body: withReport(one) } : failure(404, 'notFound', 'There is no such run.', '');
    return { status: 200, body: { runs } };
  }
  if (url.pathname === '/api/start') {
    if (body.path === '/fail') return failure(503, 'graphUnavailable', 'Microsoft Graph cannot be reached.', 'It may be busy. Wait a minute and try again.');
    const step = start(body.path, body.time_zone);
    return step ? { status: 200, body: step } : failure(404, 'flowNotFound', `There is no page at ${body.path}.`, 'Check the address, or choose from the navigation.');
  }
  const [, , , instance, number, kind, rest, tail] = url.pathname.split('/');
  const step = steps.get(`${instance}/${number}`);
  if (!step) return failure(404, 'stepNotFound', 'This page is no longer kept.', 'It was started again.');
  if (kind === undefined) return { status: 200, body: step };
  if (kind === 'exits') {
    const answer = exits(step, rest, body.data, body.time_zone);
    return answer.status ? answer : { status: 200, body: answer };
  }
  if (kind === 'rows.json' || kind === 'rows.csv') return { status: 200, body: rows(step, url.searchParams) };
  if (tail === 'frame') return { status: 200, html: frame(url.searchParams.get('images') === '1') };
  if (rest) {
    const row = step.page.type === 'message' ? messagesOf(rest.split('-')[0]).find(({ _key }) => _key === decodeURIComponent(rest)) : people.find(({ _key }) => _key === rest);
    if (step.page.type === 'calendar') {
      const event = step.page.view.events.find(({ key }) => key === decodeURIComponent(rest));
      return { status: 200, body: { row: { _key: rest }, blocked_images: 0, confirm: { delete: `Delete ${event?.title}?` } } };
    }
    return row ? { status: 200, body: { row: { ...row, to: 'Nadia Novak', body: frame(false) }, blocked_images: 2, confirm: { delete: 'Delete this one?' } } } : failure(404, 'rowNotFound', 'This row is gone.', '');
  }
  return { status: 200, body: rows(step, url.searchParams) };
}

createServer((request, response) => {
  const url = new URL(request.url, `http://${request.headers.host}`);
  if (url.searchParams.get('mock') === 'signed-out') signedIn = false;
  if (url.searchParams.get('mock') === 'expire') expireNext = true;
  if (url.pathname === '/auth/sign-in') {
    signedIn = true;
    response.writeHead(302, { location: url.searchParams.get('return') ?? '/' }).end();
    return;
  }
  if (url.pathname.startsWith('/api/') || url.pathname.startsWith('/auth/')) {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const answer = api(request, url, parts.length > 0 ? JSON.parse(Buffer.concat(parts).toString()) : null);
      setTimeout(() => {
        if (answer.html) {
          response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'" }).end(answer.html);
        } else response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
      }, 80);
    });
    return;
  }
  if (url.pathname.startsWith('/assets/')) {
    const path = join(root, normalize(url.pathname));
    const compressed = existsSync(`${path}.br`);
    if (!existsSync(path)) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream', ...(compressed ? { 'content-encoding': 'br' } : {}) });
    response.end(readFileSync(compressed ? `${path}.br` : path));
    return;
  }
  const nonce = randomBytes(16).toString('base64');
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; connect-src 'self'; font-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
  });
  response.end(readFileSync(join(root, 'portal.html'), 'utf8').replaceAll('__CSP_NONCE__', nonce));
}).listen(port, '127.0.0.1', () => console.log(`mock portal on http://127.0.0.1:${port}/`));
