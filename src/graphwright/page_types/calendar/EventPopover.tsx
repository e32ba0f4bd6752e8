/** What a click on an event opens: when, where, and what can be done with it. */
import {
  Button,
  makeStyles,
  Popover,
  PopoverSurface,
  Subtitle2,
  Text,
  tokens,
} from '@fluentui/react-components';
import { Clock20Regular, Dismiss20Regular, Location20Regular, Tag20Regular } from '@fluentui/react-icons';
import type { JsonValue, PageAction } from '@graphwright/api';
import { ActionButton } from '@graphwright/components/ConfirmedExits';
import { addDays, formatDay, formatDayRange, formatMoment, wallAt } from '@graphwright/times';

export interface CalendarEvent {
  key: string;
  title: string;
  start: string;
  end: string | null;
  all_day: boolean;
  location?: string | null;
  category?: string | null;
  [more: string]: JsonValue | undefined;
}

const useStyles = makeStyles({
  surface: { width: '340px', maxWidth: 'calc(100vw - 24px)', display: 'grid', gap: '10px' },
  top: { display: 'flex', alignItems: 'flex-start', gap: '8px' },
  title: { margin: 0, flexGrow: 1, overflowWrap: 'anywhere' },
  line: {
    display: 'grid',
    gridTemplateColumns: '20px minmax(0, 1fr)',
    gap: '10px',
    color: tokens.colorNeutralForeground2,
    overflowWrap: 'anywhere',
  },
  actions: { display: 'flex', flexWrap: 'wrap', gap: '8px', paddingTop: '6px' },
});

/** All-day events are dates (the end exclusive) and never move with a time zone. */
export function whenText(event: CalendarEvent, zone: string): string {
  const full = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
  if (event.all_day) {
    const start = event.start.slice(0, 10);
    const last = event.end ? addDays(event.end.slice(0, 10), -1) : start;
    return last > start
      ? `${formatDayRange(start, last, { ...full, weekday: 'short', month: 'short' })}, all day`
      : `${formatDay(start, full)}, all day`;
  }
  const start = new Date(event.start);
  const end = new Date(event.end ?? event.start);
  const time = { hour: 'numeric', minute: '2-digit' } as const;
  if (wallAt(start, zone).date === wallAt(end, zone).date) {
    const day = formatMoment(start, zone, full);
    const range = new Intl.DateTimeFormat(undefined, { ...time, timeZone: zone }).formatRange(start, end);
    return `${day}, ${range}`;
  }
  return new Intl.DateTimeFormat(undefined, {
    weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', ...time, timeZone: zone,
  }).formatRange(start, end);
}

export function EventPopover(props: {
  event: CalendarEvent;
  target: HTMLElement;
  zone: string;
  actions: PageAction[];
  busy: boolean;
  onAction: (action: PageAction) => void;
  onClose: () => void;
}): React.JSX.Element {
  const { event, target, zone, actions, busy, onAction, onClose } = props;
  const styles = useStyles();
  const title = event.title || '(no title)';
  return (
    <Popover
      open
      trapFocus
      withArrow
      positioning={{ target, position: 'after', align: 'start', fallbackPositions: ['before', 'below', 'above'] }}
      onOpenChange={(_, data) => {
        if (!data.open) {
          onClose();
          target.focus();
        }
      }}
    >
      <PopoverSurface className={styles.surface} aria-label={title}>
        <div className={styles.top}>
          <Subtitle2 as="h3" className={styles.title}>
            {title}
          </Subtitle2>
          <Button
            appearance="subtle"
            size="small"
            aria-label="Close"
            icon={<Dismiss20Regular />}
            onClick={() => {
              onClose();
              target.focus();
            }}
          />
        </div>
        <div className={styles.line}>
          <Clock20Regular aria-hidden />
          <Text>{whenText(event, zone)}</Text>
        </div>
        {event.location && (
          <div className={styles.line}>
            <Location20Regular aria-hidden />
            <Text>{event.location}</Text>
          </div>
        )}
        {event.category && (
          <div className={styles.line}>
            <Tag20Regular aria-hidden />
            <Text>{event.category}</Text>
          </div>
        )}
        {actions.length > 0 && (
          <div className={styles.actions}>
            {actions.map((action) => (
              <ActionButton key={action.name} action={action} disabled={busy} size="small" onRun={onAction} />
            ))}
          </div>
        )}
      </PopoverSurface>
    </Popover>
  );
}
