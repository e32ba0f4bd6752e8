/** The icons that a model may name. A name that is not here gets the neutral one. */
import {
  Add20Regular, ArrowClockwise20Regular, ArrowDownload20Regular, ArrowLeft20Regular, ArrowReply20Regular,
  ArrowForward20Regular, Archive20Regular, Building20Regular, Calendar24Regular, CalendarLtr20Regular,
  Checkmark20Regular, Delete20Regular, Dismiss20Regular, Document20Regular, Edit20Regular,
  Folder20Regular, FolderArrowRight20Regular, Home20Regular, Mail20Regular, Open20Regular,
  People20Regular, Person20Regular, Save20Regular, Search20Regular, Send20Regular, Settings20Regular,
  Star20Regular, Table20Regular, TaskListLtr20Regular, Flow20Regular, History20Regular,
  Calendar24Filled, Mail24Filled, Mail24Regular, People24Filled, People24Regular, Home24Filled,
  Home24Regular, Flow24Filled, Flow24Regular, History24Filled, History24Regular, Table24Filled,
  Table24Regular, Person24Filled, Person24Regular, Folder24Filled, Folder24Regular,
  TaskListLtr24Filled, TaskListLtr24Regular, Document24Filled, Document24Regular,
  Settings24Filled, Settings24Regular, type FluentIcon,
} from '@fluentui/react-icons';

const actionIcons: Record<string, FluentIcon> = {
  add: Add20Regular, new: Add20Regular, create: Add20Regular,
  back: ArrowLeft20Regular, refresh: ArrowClockwise20Regular, download: ArrowDownload20Regular,
  reply: ArrowReply20Regular, forward: ArrowForward20Regular, archive: Archive20Regular,
  building: Building20Regular, calendar: CalendarLtr20Regular, check: Checkmark20Regular,
  accept: Checkmark20Regular, delete: Delete20Regular, remove: Delete20Regular,
  cancel: Dismiss20Regular, document: Document20Regular, edit: Edit20Regular,
  folder: Folder20Regular, move: FolderArrowRight20Regular, home: Home20Regular,
  mail: Mail20Regular, open: Open20Regular, people: People20Regular, person: Person20Regular,
  save: Save20Regular, search: Search20Regular, send: Send20Regular, settings: Settings20Regular,
  star: Star20Regular, table: Table20Regular, tasks: TaskListLtr20Regular, flow: Flow20Regular,
  history: History20Regular,
};

const navigationIcons: Record<string, [FluentIcon, FluentIcon]> = {
  calendar: [Calendar24Regular, Calendar24Filled], mail: [Mail24Regular, Mail24Filled],
  people: [People24Regular, People24Filled], person: [Person24Regular, Person24Filled],
  home: [Home24Regular, Home24Filled], table: [Table24Regular, Table24Filled],
  folder: [Folder24Regular, Folder24Filled], tasks: [TaskListLtr24Regular, TaskListLtr24Filled],
  document: [Document24Regular, Document24Filled], settings: [Settings24Regular, Settings24Filled],
  history: [History24Regular, History24Filled], flow: [Flow24Regular, Flow24Filled],
};

/** The icon of a button: as the model says, else as its exit's name suggests, else none. */
export function actionIcon(name: string | null | undefined, exit = ''): FluentIcon | undefined {
  return name ? (actionIcons[name] ?? Flow20Regular) : actionIcons[exit];
}

export function navigationIcon(name: string | null | undefined, active: boolean): FluentIcon {
  const pair = navigationIcons[name ?? ''] ?? navigationIcons.flow!;
  return pair[active ? 1 : 0];
}
