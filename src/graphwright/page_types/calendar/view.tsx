/** The calendar: day, work week, week, month and agenda of a range that the flow loads. */
import {
  Button,
  makeStyles,
  Menu,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  mergeClasses,
  Text,
  tokens,
  Toolbar,
  ToolbarButton,
  ToolbarRadioButton,
  ToolbarRadioGroup,
} from '@fluentui/react-components';
import {
  CalendarDay20Regular,
  CalendarMonth20Regular,
  CalendarWeekNumbers20Regular,
  CalendarWorkWeek20Regular,
  ChevronDown16Regular,
  ChevronLeft20Regular,
  ChevronRight20Regular,
  type FluentIcon,
  TextBulletListSquare20Regular,
} from '@fluentui/react-icons';
import FullCalendar, { type CalendarRef, type EventInput } from '@fullcalendar/react';
import dayGrid from '@fullcalendar/react/daygrid';
import interaction from '@fullcalendar/react/interaction';
import forma from '@fullcalendar/react/themes/forma';
import '@fullcalendar/react/skeleton.css';
import '@fullcalendar/react/themes/forma/theme.css';
import timeGrid from '@fullcalendar/react/timegrid';
import { useConfirmedExits } from '@graphwright/components/ConfirmedExits';
import { type PageViewProps, rowActions, takesExit } from '@graphwright/pageType';
import { formatInstant, midnight, todayIn, wallAt, zoneLabel } from '@graphwright/times';
import { narrow, useMedia } from '@graphwright/useMedia';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Agenda } from './Agenda';
import './calendar.css';
import { type CalendarEvent, EventPopover } from './EventPopover';
import {
  anchor,
  type Days,
  daysAround,
  firstWeekday,
  type Mode,
  modeFor,
  modeTitles,
  rangeTitle,
  step,
  wholeWeek,
} from './ranges';

export const keepAcrossSteps = true;

interface CalendarView {
  mode?: string;
  range: { start: string; end: string };
  time_zone: string;
  events: CalendarEvent[];
}

const drawnAs: Record<Exclude<Mode, 'agenda'>, string> = {
  day: 'timeGridDay',
  work_week: 'workWeek',
  week: 'timeGridWeek',
  month: 'dayGridMonth',
};

const icons: Record<Mode, FluentIcon> = {
  day: CalendarDay20Regular,
  work_week: CalendarWorkWeek20Regular,
  week: CalendarWeekNumbers20Regular,
  month: CalendarMonth20Regular,
  agenda: TextBulletListSquare20Regular,
};

const modes = Object.keys(modeTitles) as Mode[];

const useStyles = makeStyles({
  frame: { flexGrow: 1, minHeight: 0, display: 'flex', flexDirection: 'column' },
  toolbar: {
    flexWrap: 'wrap',
    gap: '4px',
    padding: `0 ${tokens.spacingHorizontalXXL} ${tokens.spacingVerticalM}`,
    '@media (max-width: 640px)': { padding: '0 8px 8px' },
  },
  range: {
    marginBlock: 0,
    marginInline: tokens.spacingHorizontalS,
    flexGrow: 1,
    minWidth: 0,
    '@media (max-width: 640px)': { fontSize: tokens.fontSizeBase300, marginInline: '4px' },
  },
  narrow: { minWidth: 0, paddingInline: '10px' },
  modes: { display: 'flex', gap: '2px' },
  sheet: {
    flexGrow: 1,
    minHeight: 0,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    '& .fc': { height: '100%' },
  },
  event: { cursor: 'pointer' },
  eventFocus: {
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '1px' },
  },
});

/** A range of instants as days on the user's wall. An end inside a day counts that day. */
function daysOf(range: { start: string; end: string }, zone: string): Days {
  const dateOnly = /^\d{4}-\d\d-\d\d$/;
  const start = dateOnly.test(range.start) ? range.start : wallAt(new Date(range.start), zone).date;
  if (dateOnly.test(range.end)) return { start, end: range.end };
  const end = wallAt(new Date(range.end), zone);
  if (end.time === '00:00:00' && end.date > start) return { start, end: end.date };
  const after = new Date(`${end.date}T00:00:00Z`);
  after.setUTCDate(after.getUTCDate() + 1);
  return { start, end: after.toISOString().slice(0, 10) };
}

const storageKey = (page: string): string => `graphwright.calendar.mode:${page}`;

export default function CalendarPage(props: PageViewProps<CalendarView>): React.JSX.Element {
  const { page, address, busy, exit } = props;
  const { view } = page;
  const styles = useStyles();
  const isNarrow = useMedia(narrow);
  const zone = view.time_zone;
  const calendar = useRef<CalendarRef>(null);
  const sheet = useRef<HTMLDivElement>(null);
  const { run, dialog } = useConfirmedExits({ address, exit });
  const [opened, setOpened] = useState<{ event: CalendarEvent; target: HTMLElement } | null>(null);

  const loaded = useMemo(() => wholeWeek(daysOf(view.range, zone)), [view.range, zone]);
  const [chosen, setChosen] = useState<Mode | null>(() => {
    const stored = sessionStorage.getItem(storageKey(page.name)) as Mode | null;
    return stored ?? (matchMedia(narrow).matches ? 'agenda' : null);
  });
  // Where the person wants to be while the flow loads it; once the last move is answered, the loaded
  // range is the truth again. An earlier answer says nothing: the next step starts from what is wanted.
  const [wanted, setWanted] = useState<Days | null>(null);
  const moves = useRef(0);

  const shown = wanted ?? loaded;
  const first = firstWeekday(loaded);
  const mode = modeFor(shown, chosen, view.mode);
  const canMove = takesExit(page, 'range_changed');

  const go = (target: Mode, days: Days): void => {
    setOpened(null);
    setChosen(target);
    sessionStorage.setItem(storageKey(page.name), target);
    if (days.start === loaded.start && days.end === loaded.end && !wanted) return;
    if (!canMove) return;
    setWanted(days);
    const move = ++moves.current;
    void exit(
      'range_changed',
      {
        start: formatInstant(midnight(days.start, zone)),
        end: formatInstant(midnight(days.end, zone)),
      },
      { lastWins: true },
    ).then(() => {
      if (move === moves.current) setWanted(null);
    });
  };
  const today = todayIn(zone);
  const change = (next: Mode): void => {
    const inRange = shown.start <= today && today < shown.end;
    go(next, daysAround(next, inRange ? today : anchor(mode, shown), first));
  };

  const drawn = mode === 'agenda' ? null : drawnAs[mode];
  const date = anchor(mode, shown);
  useEffect(() => {
    if (drawn) calendar.current?.getApi().changeView(drawn, date);
  }, [drawn, date]);

  // The hours scroll: without an event in them nothing there could be reached by keyboard.
  useEffect(() => {
    for (const inner of sheet.current?.querySelectorAll<HTMLElement>('div') ?? []) {
      if (!/auto|scroll/.test(getComputedStyle(inner).overflowY)) continue;
      const row = inner.querySelector<HTMLElement>('[role="row"]');
      row?.removeAttribute('tabindex');
      if (row && !inner.querySelector('a[href], button, [tabindex="0"]')) row.tabIndex = 0;
    }
  }, [drawn, date, view.events]);

  const events = useMemo<EventInput[]>(
    () =>
      view.events.map(({ key, title, start, end, all_day, ...rest }) => ({
        id: key,
        title: title || '(no title)',
        start,
        end: end ?? undefined,
        allDay: all_day,
        extendedProps: rest,
      })),
    [view.events],
  );
  const byKey = useMemo(() => new Map(view.events.map((event) => [event.key, event])), [view.events]);
  const mayAdd = page.actions.some(({ name, on }) => name === 'add' && on !== 'row');
  const actions = rowActions(page.actions);

  const ModeIcon = icons[mode];
  return (
    <div className={styles.frame}>
      <Toolbar className={styles.toolbar} aria-label="Calendar">
        <Button
          className={mergeClasses(isNarrow && styles.narrow)}
          onClick={() => go(mode, daysAround(mode, today, first))}
          disabled={!canMove}
        >
          Today
        </Button>
        <ToolbarButton
          aria-label="Previous"
          disabled={!canMove}
          icon={<ChevronLeft20Regular />}
          onClick={() => go(mode, step(mode, shown, -1, first))}
        />
        <ToolbarButton
          aria-label="Next"
          disabled={!canMove}
          icon={<ChevronRight20Regular />}
          onClick={() => go(mode, step(mode, shown, 1, first))}
        />
        <Text as="h2" size={500} weight="semibold" className={styles.range} aria-live="polite" truncate wrap={false}>
          {rangeTitle(mode, shown, isNarrow)}
        </Text>
        {!isNarrow && <Text size={200}>{zoneLabel(zone)}</Text>}
        {isNarrow ? (
          <Menu
            checkedValues={{ mode: [mode] }}
            onCheckedValueChange={(_, data) => change((data.checkedItems[0] ?? mode) as Mode)}
          >
            <MenuTrigger disableButtonEnhancement>
              <ToolbarButton icon={<ModeIcon />} aria-label={`View: ${modeTitles[mode]}`}>
                <ChevronDown16Regular />
              </ToolbarButton>
            </MenuTrigger>
            <MenuPopover>
              <MenuList>
                {modes.map((name) => (
                  <MenuItemRadio key={name} name="mode" value={name}>
                    {modeTitles[name]}
                  </MenuItemRadio>
                ))}
              </MenuList>
            </MenuPopover>
          </Menu>
        ) : (
          <Toolbar
            aria-label="View"
            checkedValues={{ mode: [mode] }}
            onCheckedValueChange={(_, data) => change((data.checkedItems[0] ?? mode) as Mode)}
          >
            <ToolbarRadioGroup className={styles.modes}>
              {modes.map((name) => {
                const Icon = icons[name];
                return (
                  <ToolbarRadioButton key={name} name="mode" value={name} icon={<Icon />}>
                    {modeTitles[name]}
                  </ToolbarRadioButton>
                );
              })}
            </ToolbarRadioGroup>
          </Toolbar>
        )}
      </Toolbar>
      {mode === 'agenda' ? (
        <Agenda
          days={shown}
          zone={zone}
          today={today}
          events={view.events}
          loading={wanted !== null}
          onOpen={(event, target) => setOpened({ event, target })}
        />
      ) : (
        <div ref={sheet} className={`${styles.sheet} gw-calendar`}>
          <FullCalendar
            ref={calendar}
            plugins={[dayGrid, timeGrid, interaction, forma]}
            views={{ workWeek: { type: 'timeGridWeek', weekends: false } }}
            initialView={drawn ?? 'timeGridWeek'}
            initialDate={date}
            timeZone={zone}
            locale={navigator.language}
            eventTimeFormat={{ hour: 'numeric', minute: '2-digit' }}
            firstDay={first % 7}
            headerToolbar={false}
            height="100%"
            nowIndicator
            scrollTime="07:30:00"
            scrollTimeReset={false}
            dayMaxEvents
            events={events}
            eventClass={`${styles.event} ${styles.eventFocus}`}
            eventInteractive
            selectable={mayAdd && !busy}
            selectMirror
            unselectAuto
            select={({ startStr, endStr, start, end, allDay }) => {
              // A place in the all-day row is whole days on this wall.
              const instants = allDay
                ? [midnight(startStr.slice(0, 10), zone), midnight(endStr.slice(0, 10), zone)]
                : [start, end];
              const [from, to] = instants.map((instant) => formatInstant(instant));
              void exit('add', { start: from!, end: to! });
            }}
            eventClick={({ event, el, jsEvent }) => {
              jsEvent.preventDefault();
              const found = byKey.get(event.id);
              if (found) setOpened({ event: found, target: el });
            }}
          />
        </div>
      )}
      {opened && (
        <EventPopover
          event={opened.event}
          target={opened.target}
          zone={zone}
          actions={actions}
          busy={busy}
          onAction={(action) => {
            setOpened(null);
            void run(action, opened.event.key, { ...opened.event, subject: opened.event.title });
          }}
          onClose={() => setOpened(null)}
        />
      )}
      {dialog}
    </div>
  );
}
