/** How runs are told: their status and counts. Knows no call and no screen. */
import { Badge } from '@fluentui/react-components';

const SINGULAR: Record<string, string> = { requests: 'request', retries: 'retry', pages: 'page', items: 'item' };

export function StatusBadge({ status, failed }: { status: string; failed: boolean }): React.JSX.Element {
  const waits = /run|wait|defer/.test(status);
  const color = waits ? 'informative' : failed || /fail|error/.test(status) ? 'danger' : 'success';
  return (
    <Badge appearance="tint" color={color}>
      {status}
    </Badge>
  );
}

/** Numbers with their names, those that are zero left out: "2 pages, 40 inserted". */
export function countsText(counts: { [name: string]: unknown } | null): string {
  const some = Object.entries(counts ?? {}).filter(([, count]) => typeof count === 'number' && count > 0);
  return some.map(([name, count]) => `${Number(count).toLocaleString()} ${(count === 1 && SINGULAR[name]) || name}`).join(', ') || '–';
}
