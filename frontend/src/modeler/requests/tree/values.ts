/** The whole value behind a node of a tree, as far as it is of a size that one may want to copy. */
import { ApiError, getTree, type JsonValue, type TreeNode } from '../../api';
import { partSize } from './branches';

const mostNodes = 5000;

export async function completeValue(example: string, node: TreeNode): Promise<JsonValue> {
  let left = mostNodes;
  const read = async (at: TreeNode): Promise<JsonValue> => {
    if (at.kind !== 'object' && at.kind !== 'array') return at.value ?? null;
    left -= at.count ?? 0;
    if (left < 0) {
      throw new ApiError(0, 'tooLarge', 'This value is too large to copy.', 'Open it and copy a part of it.');
    }
    const children: TreeNode[] = [];
    for (let offset = 0; offset < (at.count ?? 0); offset += partSize) {
      children.push(...(await getTree(example, { pointer: at.pointer, offset, limit: partSize })).children);
    }
    const values: JsonValue[] = [];
    for (const child of children) values.push(await read(child));
    return at.kind === 'array' ? values : Object.fromEntries(children.map(({ key }, index) => [String(key), values[index]!]));
  };
  return read(node);
}
