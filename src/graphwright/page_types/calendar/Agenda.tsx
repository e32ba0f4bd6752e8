/** A week as a plain list by day: the view for phones and for screen readers. */
import { makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import { addDays, daysBetween, formatDay, formatMoment, wallAt } from '@graphwright/times';
import type { CalendarEvent } from './EventPopover';
import type { Days } from './ranges';

const useStyles = makeStyles({
  list: {
    flexGrow: 1,
    minHeight: 0,
    overflowY: 'auto',
    margin: 0,
    padding: `0 ${tokens.spacingHorizontalXXL} ${tokens.spacingVerticalXXL}`,
    listStyleType: 'none',
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    '@media (max-width: 640px)': { paddingInline: '16px' },
  },
  waiting: { opacity: 0.5 },
  day: { paddingTop: tokens.spacingVerticalL },
  heading: { margin: 0 },
  today: { color: tokens.colorBrandForeground1 },
  events: { margin: '6px 0 0', padding: 0, listStyleType: 'none', display: 'grid', gap: '6px' },
  none: { color: tokens.colorNeutralForeground3, display: 'block', paddingTop: '4px' },
  event: {
    width: '100%',
    display: 'grid',
    gridTemplateColumns: '84px minmax(0, 1fr)',
    gap: '12px',
    padding: '10px 12px',
    textAlign: 'start',
    font: 'inherit',
    color: tokens.colorNeutralForeground1,
    backgroundColor: tokens.colorNeutralBackground2,
    border: 'none',
    borderLeft: `4px solid ${tokens.colorBrandBackground}`,
    borderRadius: tokens.borderRadiusMedium,
    cursor: 'pointer',
    ':hover': { backgroundColor: tokens.colorNeutralBackground2Hover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  where: { color: tokens.colorNeutralForeground2, display: 'block' },
  texts: { minWidth: 0, overflowWrap: 'anywhere' },
});

function fallsOn(event: CalendarEvent, date: string, zone: string): boolean {
  if (event.all_day) {
    const start = event.start.slice(0, 10);
    const end = event.end?.slice(0, 10) ?? addDays(start, 1);
    return start <= date && date < (end > start ? end : addDays(start, 1));
  }
  const start = wallAt(new Date(event.start), zone).date;
  const last = wallAt(new Date(Math.max(Date.parse(event.end ?? event.start) - 1000, Date.parse(event.start))), zone).date;
  return start <= date && date <= last;
}

export function Agenda(props: {
  days: Days;
  zone: string;
  today: string;
  events: CalendarEvent[];
  loading: boolean;
  onOpen: (event: CalendarEvent, target: HTMLElement) => void;
}): React.JSX.Element {
  const { days, zone, today, events, loading, onOpen } = props;
  const styles = useStyles();
  const dates = Array.from({ length: daysBetween(days.start, days.end) }, (_, index) => addDays(days.start, index));
  const sorted = [...events].sort(
    (left, right) => Number(right.all_day) - Number(left.all_day) || left.start.localeCompare(right.start),
  );
  return (
    // Days without an event hold nothing that takes the focus, and are scrolled by the keyboard all the same.
    <ul className={mergeClasses(styles.list, loading && styles.waiting)} aria-label="Events by day" tabIndex={0}>
      {dates.map((date) => {
        const here = sorted.filter((event) => fallsOn(event, date, zone));
        return (
          <li key={date} className={styles.day}>
            <Text as="h3" weight="semibold" className={mergeClasses(styles.heading, date === today && styles.today)}>
              {formatDay(date, { weekday: 'long', day: 'numeric', month: 'long' })}
              {date === today && ' · Today'}
            </Text>
            {here.length === 0 && (
              <Text size={200} className={styles.none}>
                {loading ? 'Loading…' : 'Nothing planned'}
              </Text>
            )}
            {here.length > 0 && (
            <ul className={styles.events}>
              {here.map((event) => (
                <li key={event.key}>
                  <button type="button" className={styles.event} onClick={(click) => onOpen(event, click.currentTarget)}>
                    <Text size={200}>
                      {event.all_day ? 'All day' : formatMoment(event.start, zone, { timeStyle: 'short' })}
                    </Text>
                    <span className={styles.texts}>
                      <Text weight="semibold" block>
                        {event.title || '(no title)'}
                      </Text>
                      {event.location && (
                        <Text size={200} className={styles.where}>
                          {event.location}
                        </Text>
                      )}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
            )}
          </li>
        );
      })}
    </ul>
  );
}
