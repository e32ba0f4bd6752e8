/** A method in the colour that everybody knows it by. */
import { Badge, type BadgeProps } from '@fluentui/react-components';

const colours: { [method: string]: BadgeProps['color'] } = {
  GET: 'informative', HEAD: 'informative', POST: 'success', PUT: 'warning', PATCH: 'warning', DELETE: 'danger',
};

export function MethodBadge({ method }: { method: string }): React.JSX.Element {
  return <Badge size="medium" shape="rounded" appearance="tint" color={colours[method] ?? 'informative'}>{method}</Badge>;
}
