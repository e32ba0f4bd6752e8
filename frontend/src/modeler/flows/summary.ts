/** A node in words: its title, and in one line what it does. Plain text, never markup. */
import type { Surroundings } from './exits';
import type { NodeValue } from './model';

const longest = 90;

function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function keys(value: unknown): string[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

function documentTitle(around: Surroundings, folder: string, name: unknown): string {
  return around.titles.get(`${folder}/${text(name)}.yaml`) ?? text(name);
}

const lines: Record<string, (node: NodeValue, around: Surroundings) => string> = {
  authenticate: (node, around) =>
    `${node.action === 'sign_out' ? 'Sign out of ' : ''}${documentTitle(around, 'profiles', node.profile)}`,
  http_request: (node) => `${text(node.method) || 'GET'} ${text(node.url)}`,
  import_data: (node, around) => {
    const definition = around.values.get(`imports/${text(node.import)}.yaml`) as { list?: unknown } | undefined;
    return `${text(node.from)} → ${documentTitle(around, 'lists', definition?.list ?? node.import)}`;
  },
  export_data: (node, around) =>
    `${documentTitle(around, 'lists', node.list)} → ${text(node.file) || text(node.result)}`,
  page: (node, around) => {
    const page = around.values.get(`pages/${text(node.page)}.yaml`) as { type?: unknown } | undefined;
    const kind = around.pageKinds.get(text(page?.type))?.title;
    const title = documentTitle(around, 'pages', node.page);
    return kind && kind !== title ? `${kind}: ${title}` : title;
  },
  decision: (node) => keys(node.cases).map((name) => `${name}?`).join(' '),
  assign: (node) => `Sets ${keys(node.set).join(', ')}`,
  loop: (node) => `Each ${text(node.item) || 'item'} of ${text(node.items)}${Number(node.parallel) > 1 ? `, ${text(node.parallel)} at once` : ''}`,
  subflow: (node, around) => documentTitle(around, 'flows', node.flow),
  end: (node) => text(node.heading) || text(node.message) || 'Ends the flow',
  note: (node) => text(node.text),
};

/** What a node does, in one line. */
export function summarise(node: NodeValue, around: Surroundings): string {
  return cut(lines[node.type]?.(node, around) || around.kinds.get(node.type)?.summary || '');
}

/** How a node is called: its title, else its name made readable. */
export function nodeTitle(name: string, node: NodeValue): string {
  if (typeof node.title === 'string' && node.title.trim()) return node.title;
  const readable = name.replace(/[_-]+/g, ' ');
  return readable.charAt(0).toUpperCase() + readable.slice(1);
}

/** Whether a node answers to what is searched for: every word, in any of its texts. */
export function matches(name: string, node: NodeValue, around: Surroundings, query: string): boolean {
  const where = [name, nodeTitle(name, node), node.type, around.kinds.get(node.type)?.title ?? '', summarise(node, around)]
    .join('\n')
    .toLowerCase();
  return query.toLowerCase().split(/\s+/).filter(Boolean).every((word) => where.includes(word));
}
