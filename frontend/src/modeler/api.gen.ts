/* The shapes of the modeler's API. Written by `make types`; do not edit. */
import type {JsonValue} from '../api';

export interface Shapes {
  AccountWire?: AccountWire;
  Accounts?: Accounts;
  AddExample?: AddExample;
  Breakpoints?: Breakpoints;
  Catalogue?: Catalogue;
  Changed?: Changed;
  Changes?: Changes;
  CodeAnswer?: CodeAnswer;
  CodeQuestion?: CodeQuestion;
  CreateDocument?: CreateDocument;
  DocumentEntry?: DocumentEntry;
  DocumentWire?: DocumentWire;
  EvaluateAnswer?: EvaluateAnswer;
  EvaluateQuestion?: EvaluateQuestion;
  Example?: Example;
  FileChange?: FileChange;
  FunctionWire?: FunctionWire;
  GuideWire?: GuideWire;
  History?: History;
  HistoryEntry?: HistoryEntry;
  ImportPreview?: ImportPreview;
  InferQuestion?: InferQuestion;
  Inferred?: Inferred;
  KindWire?: KindWire;
  Library?: Library;
  LibraryRequest?: LibraryRequest;
  ModelWire?: ModelWire;
  Names?: Names;
  PagePreview?: PagePreview;
  Paths?: Paths;
  PermissionAnswer?: PermissionAnswer;
  PermissionQuestion?: PermissionQuestion;
  PermissionWire?: PermissionWire;
  PlanAnswer?: PlanAnswer;
  PlanChange?: PlanChange;
  PlanQuestion?: PlanQuestion;
  PreviewColumn?: PreviewColumn;
  PreviewImport?: PreviewImport;
  PreviewPage?: PreviewPage;
  PreviewTable?: PreviewTable;
  ProblemWire?: ProblemWire;
  ProfileName?: ProfileName;
  ProposedPage?: ProposedPage;
  ProposedWithin?: ProposedWithin;
  RedirectUrlWire?: RedirectUrlWire;
  Rename?: Rename;
  RenameAnswer?: RenameAnswer;
  Resume?: Resume;
  RunStarted?: RunStarted;
  SandboxApp?: SandboxApp;
  SandboxWire?: SandboxWire;
  Saved?: Saved;
  Scope?: Scope;
  ScopeName?: ScopeName;
  SecretWire?: SecretWire;
  Secrets?: Secrets;
  SessionWire?: SessionWire;
  SetSecret?: SetSecret;
  SettleConflict?: SettleConflict;
  SkippedItem?: SkippedItem;
  StartRun?: StartRun;
  TemplateWire?: TemplateWire;
  TestOutcome?: TestOutcome;
  TestProfile?: TestProfile;
  TraceEntry?: TraceEntry;
  TraceWire?: TraceWire;
  Traces?: Traces;
  Tree?: Tree;
  TreeNode?: TreeNode;
  TryHistory?: TryHistory;
  TryRequest?: TryRequest;
  TryWire?: TryWire;
  UseSandboxApp?: UseSandboxApp;
  UseTemplate?: UseTemplate;
  VisitAgain?: VisitAgain;
  VisitWire?: VisitWire;
  WriteDocument?: WriteDocument;
}
/**
 * Somebody who has signed in.
 */
export interface AccountWire {
  id: string;
  profile: string;
  username: string;
  name: string | null;
}
/**
 * `GET /api/accounts`.
 */
export interface Accounts {
  accounts: AccountWire[];
}
/**
 * `POST /api/examples`: a pasted document or a file's text (JSON, JSON Lines or CSV).
 */
export interface AddExample {
  text: string;
  title?: string;
}
/**
 * `PUT /api/breakpoints`, and the answer of `GET`: nodes by flow.
 */
export interface Breakpoints {
  nodes: {
    /**
     * This interface was referenced by `undefined`'s JSON-Schema definition
     * via the `patternProperty` "^[a-z][A-Za-z0-9_-]*$".
     */
    [k: string]: string[];
  };
}
/**
 * `GET /api/catalogue`; the same for as long as the server runs.
 */
export interface Catalogue {
  nodes: KindWire[];
  pages: KindWire[];
  profiles: KindWire[];
  app_schema: JsonValue;
  list_schema: JsonValue;
  import_schema: JsonValue;
  flow_schema: JsonValue;
  templates: TemplateWire[];
  functions: FunctionWire[];
  icons: string[];
}
/**
 * A node type, page type or profile kind.
 */
export interface KindWire {
  type: string;
  title: string;
  group: string;
  summary: string;
  /**
   * Markdown.
   */
  help: string;
  /**
   * Exits that every one offers.
   */
  exits: string[];
  /**
   * Whether other exits can be added (a status, an action).
   */
  open_exits: boolean;
  /**
   * JSON Schema of its definition.
   */
  config_schema: JsonValue;
  /**
   * The value of a new one.
   */
  initial: JsonValue;
}
/**
 * An application to start from.
 */
export interface TemplateWire {
  name: string;
  title: string;
  description: string;
}
/**
 * A function of expressions.
 */
export interface FunctionWire {
  name: string;
  signature: string;
  summary: string;
}
/**
 * The documents that a write changed.
 */
export interface Changed {
  documents: string[];
}
/**
 * `GET /api/changes`: the draft against the folder.
 */
export interface Changes {
  files: FileChange[];
}
/**
 * What happened, or would, to a file.
 */
export interface FileChange {
  name: string;
  change: 'added' | 'changed' | 'removed';
  before: string | null;
  after: string | null;
  /**
   * Unified diff.
   */
  diff: string;
}
/**
 * A request as code; the token is a placeholder.
 */
export interface CodeAnswer {
  curl: string;
  python: string;
  command: string;
}
/**
 * `POST /api/code`.
 */
export interface CodeQuestion {
  request: JsonValue;
  values?: {
    [k: string]: JsonValue;
  };
}
/**
 * `POST /api/documents`.
 */
export interface CreateDocument {
  name: string;
  value: JsonValue;
}
/**
 * A document in the tree of the model.
 */
export interface DocumentEntry {
  /**
   * Such as flows/calendar.yaml.
   */
  name: string;
  kind: 'app' | 'profile' | 'list' | 'import' | 'flow' | 'page' | 'layout';
  title: string;
  /**
   * Page type, profile kind, kind of flow.
   */
  type: string | null;
  /**
   * Changes with the text.
   */
  revision: string;
  /**
   * The draft differs from the file.
   */
  changed: boolean;
  /**
   * The file was changed on disk as well.
   */
  conflict: boolean;
}
/**
 * `GET /api/documents/{name}`, and the answer of every write to one.
 */
export interface DocumentWire {
  name: string;
  revision: string;
  text: string;
  /**
   * null where the text is no YAML.
   */
  value: JsonValue;
  broken: ProblemWire | null;
  changed: boolean;
  conflict: boolean;
  /**
   * Only where there is a conflict.
   */
  disk_text: string | null;
}
/**
 * A problem of the model, as `graphwright check` tells it.
 */
export interface ProblemWire {
  code: string;
  severity: string;
  message: string;
  hint: string;
  file: string | null;
  line: number | null;
  column: number | null;
  flow: string | null;
  node: string | null;
  /**
   * The path in the document, with dots.
   */
  field: string | null;
}
/**
 * The value, or where and why there is none.
 */
export interface EvaluateAnswer {
  value: JsonValue;
  missing: boolean;
  error: string | null;
  /**
   * Character at which the error is.
   */
  position: number | null;
  reads: string[];
}
/**
 * `POST /api/evaluate`.
 */
export interface EvaluateQuestion {
  source: string;
  kind: 'expression' | 'template';
  flow?: string | null;
  node?: string | null;
  /**
   * Values that go before the recorded ones.
   */
  values?: {
    [k: string]: JsonValue;
  };
}
/**
 * A JSON document that mappings and previews read: `POST /api/examples` or the body of a try.
 */
export interface Example {
  id: string;
  title: string;
  size: number;
  items: number | null;
}
/**
 * `GET /api/profiles/{name}/guide`.
 */
export interface GuideWire {
  profile: string;
  title: string;
  type: string;
  flavour: 'user' | 'application';
  grant_type: string;
  tenant: string;
  client_id: string;
  redirect_urls: RedirectUrlWire[];
  permissions: PermissionWire[];
  scopes: string[];
  unknown_requests: string[];
  admin_consent_url: string | null;
  notes: string[];
  /**
   * What to do in the Entra admin center, Markdown, in order.
   */
  steps: string[];
  /**
   * Settings and secrets that are set nowhere.
   */
  missing: string[];
}
/**
 * A redirect URL to register.
 */
export interface RedirectUrlWire {
  url: string;
  platform: string;
  purpose: string;
}
/**
 * A permission that the application's requests need.
 */
export interface PermissionWire {
  name: string;
  requests: string[];
  covered: boolean;
}
/**
 * `GET /api/history`, newest first.
 */
export interface History {
  entries: HistoryEntry[];
}
/**
 * One save.
 */
export interface HistoryEntry {
  id: string;
  at: string;
  /**
   * In the list without texts and diffs.
   */
  files: FileChange[];
}
/**
 * What would be written, and what would be skipped and why; no tables where it is not valid.
 */
export interface ImportPreview {
  /**
   * The list, then its child lists.
   */
  tables: PreviewTable[];
  skipped: SkippedItem[];
  skipped_total: number;
  /**
   * Paths of the example that nothing reads.
   */
  unread: string[];
  /**
   * How many items the example has.
   */
  items: number;
  /**
   * How many of them were mapped: the first ones.
   */
  mapped: number;
  /**
   * What is wrong with the import or its lists.
   */
  problems: ProblemWire[];
}
/**
 * The rows of one list.
 */
export interface PreviewTable {
  /**
   * The list.
   */
  name: string;
  columns: PreviewColumn[];
  rows: JsonValue[];
  total: number;
}
/**
 * A column of the preview.
 */
export interface PreviewColumn {
  name: string;
  title: string;
  type: string;
}
/**
 * An item that becomes no row.
 */
export interface SkippedItem {
  where: string;
  why: string;
}
/**
 * `POST /api/infer`: lists and an import from an example.
 */
export interface InferQuestion {
  example: string;
  /**
   * Of the list and the import. Absent: one that says what the items are.
   */
  name?: string;
}
/**
 * Proposed definitions by name, and what goes well with them.
 */
export interface Inferred {
  /**
   * The name of the list and of the import.
   */
  name: string;
  lists: {
    [k: string]: JsonValue;
  };
  imports: {
    [k: string]: JsonValue;
  };
  page: ProposedPage;
  within: ProposedWithin | null;
}
/**
 * A page that fits a list: a whole definition.
 */
export interface ProposedPage {
  type: string;
  value: JsonValue;
}
/**
 * The fields that say when a row begins and ends: what import_data of a range needs.
 */
export interface ProposedWithin {
  from_field: string;
  to_field: string;
}
/**
 * `GET /api/library`.
 */
export interface Library {
  requests: LibraryRequest[];
}
/**
 * A ready request.
 */
export interface LibraryRequest {
  id: string;
  title: string;
  workload: string;
  /**
   * As in an http_request node.
   */
  request: JsonValue;
  collection: boolean;
  /**
   * Least permissions, as a user.
   */
  delegated: string[];
  /**
   * As the application; empty: not possible.
   */
  application: string[];
  /**
   * Microsoft's page.
   */
  docs: string;
  /**
   * Its start and end are bound to `range.start` and `range.end`.
   */
  range: boolean;
  /**
   * A good name for what it gives.
   */
  import_name: string | null;
}
/**
 * `GET /api/model`: every document of the draft, and what is wrong with it.
 */
export interface ModelWire {
  documents: DocumentEntry[];
  /**
   * Files that saving would remove.
   */
  removed: string[];
  problems: ProblemWire[];
}
/**
 * `POST /api/save` and `/api/discard`: these documents, or all.
 */
export interface Names {
  names?: string[] | null;
}
/**
 * A step like the portal's; its rows come from `/api/steps/{instance}/{step}/rows`.
 */
export interface PagePreview {
  step: JsonValue;
  /**
   * What the rows are: an example's title, or none.
   */
  rows_from: string;
}
/**
 * `GET /api/paths?prefix&method`: completions of a Graph path.
 */
export interface Paths {
  paths: string[];
}
/**
 * Whether a profile's requests may be sent.
 */
export interface PermissionAnswer {
  known: boolean;
  needed: string[];
  missing: string[];
  /**
   * Such as: this profile lacks Calendars.Read. Empty: all is well.
   */
  message: string;
  warning: string;
}
/**
 * `POST /api/permissions`.
 */
export interface PermissionQuestion {
  profile: string;
  method: string;
  url: string;
  /**
   * Whose grant is looked at, where it is known.
   */
  account?: string | null;
}
/**
 * The effects; rows of the folder's own data and of the draft's.
 */
export interface PlanAnswer {
  rows: number;
  changes: PlanChange[];
}
/**
 * One effect.
 */
export interface PlanChange {
  text: string;
  tone: 'info' | 'warning' | 'error';
}
/**
 * `POST /api/lists/{name}/plan`: what a changed list would do to the rows that are there.
 */
export interface PlanQuestion {
  value: JsonValue;
  /**
   * New field name: old one.
   */
  renamed?: {
    [k: string]: string;
  };
}
/**
 * `POST /api/preview-import`: what an import would make of an example.
 */
export interface PreviewImport {
  example: string;
  /**
   * The import.
   */
  definition: JsonValue;
  /**
   * Lists that differ from the draft's.
   */
  lists?: {
    [k: string]: JsonValue;
  };
  limit?: number;
}
/**
 * `POST /api/preview-page`: the page as the portal would show it, with rows of an example.
 */
export interface PreviewPage {
  name: string;
  value: JsonValue;
  example?: string | null;
  /**
   * The import that makes rows of the example; absent: the one of the page's list.
   */
  import_name?: string | null;
  time_zone?: string;
}
/**
 * A profile by name.
 */
export interface ProfileName {
  name: string;
}
/**
 * `POST /api/rename`: a new name, wherever the old one stands; rows of lists and fields are kept.
 */
export interface Rename {
  kind: 'profile' | 'list' | 'import' | 'flow' | 'page' | 'node' | 'field' | 'variable';
  name: string;
  to: string;
  /**
   * The flow of a node or variable, the list of a field.
   */
  within?: string | null;
}
/**
 * What a rename changed, and what it could not.
 */
export interface RenameAnswer {
  documents: string[];
  /**
   * Places that may still read the old name, in a way that is not safe to change.
   */
  left: ProblemWire[];
}
/**
 * `POST /api/traces/{id}/resume`: goes on behind a breakpoint.
 */
export interface Resume {
  how: 'continue' | 'step' | 'stop';
}
/**
 * Where the portal shows the flow; problems where the draft cannot run.
 */
export interface RunStarted {
  url: string | null;
  /**
   * Of an action flow: id of its trace.
   */
  run: string | null;
  problems: ProblemWire[];
}
/**
 * An app registration of the sandbox that runs beside the modeler.
 */
export interface SandboxApp {
  display_name: string;
  tenant: string;
  client_id: string;
  flavour: 'user' | 'application';
  permissions: string[];
}
/**
 * `GET /api/sandbox`; `POST /api/profiles/{name}/sandbox` puts one of the apps into a profile.
 */
export interface SandboxWire {
  login_url: string;
  apps: SandboxApp[];
}
/**
 * What was saved.
 */
export interface Saved {
  saved: string[];
  /**
   * Id of the entry in the history; null: nothing had changed.
   */
  history: string | null;
  problems: ProblemWire[];
}
/**
 * `GET /api/scope?flow&node`.
 */
export interface Scope {
  names: ScopeName[];
}
/**
 * Something an expression may read.
 */
export interface ScopeName {
  name: string;
  kind: string;
  summary: string;
  example: JsonValue;
  children: ScopeName[];
}
/**
 * A secret or setting that the model names. Its value is never given out.
 */
export interface SecretWire {
  name: string;
  kind: 'secret' | 'setting';
  where: 'environment' | '.env' | 'store' | 'default' | 'missing';
  used_by: string[];
}
/**
 * `GET /api/secrets`.
 */
export interface Secrets {
  secrets: SecretWire[];
}
/**
 * `GET /api/session`.
 */
export interface SessionWire {
  csrf_token: string;
  title: string;
  /**
   * The application's folder, to show.
   */
  folder: string;
  /**
   * No app.yaml yet: a template is to be chosen.
   */
  is_empty: boolean;
  portal_url: string;
  /**
   * Whether a sandbox runs beside the modeler.
   */
  sandbox: boolean;
  /**
   * Its page that tells what it was asked, and why it refused.
   */
  sandbox_requests_url: string | null;
}
/**
 * `PUT /api/secrets/{name}`; into the encrypted store.
 */
export interface SetSecret {
  value: string;
}
/**
 * `POST /api/conflicts/{name}`.
 */
export interface SettleConflict {
  take: 'mine' | 'disk';
}
/**
 * `POST /api/run`: opens the draft in the portal.
 */
export interface StartRun {
  flow?: string | null;
  /**
   * Of an action flow, which is run at once.
   */
  inputs?: {
    [k: string]: JsonValue;
  };
  /**
   * Id of the account an action flow runs as; null: of the only one who signed in.
   */
  account?: string | null;
}
/**
 * What a test, or a sign-in, has come to. Decoded claims, never the token.
 */
export interface TestOutcome {
  status: 'waiting' | 'done' | 'failed';
  /**
   * Id to ask `/api/sign-ins/{id}` with, while waiting.
   */
  sign_in: string | null;
  /**
   * Where to sign in, while waiting.
   */
  url: string | null;
  account: AccountWire | null;
  claims: JsonValue;
  scopes: string[];
  expires_at: string | null;
  missing_permissions: string[];
  /**
   * {code, message, hint, ...}
   */
  error: JsonValue;
}
/**
 * `POST /api/profiles/{name}/test`.
 */
export interface TestProfile {
  /**
   * Id of an account; absent: a new sign-in.
   */
  account?: string | null;
}
/**
 * A run of the draft.
 */
export interface TraceEntry {
  id: string;
  flow: string;
  /**
   * node: one node once more.
   */
  kind: 'regular' | 'action' | 'node';
  who: string | null;
  started_at: string;
  status: 'running' | 'waiting' | 'paused' | 'done' | 'failed' | 'stopped';
  milliseconds: number;
  /**
   * Nodes run in all; of a long run the middle is not kept.
   */
  nodes: number;
  error: JsonValue;
}
/**
 * `GET /api/traces/{id}`.
 */
export interface TraceWire {
  id: string;
  flow: string;
  /**
   * node: one node once more.
   */
  kind: 'regular' | 'action' | 'node';
  who: string | null;
  started_at: string;
  status: 'running' | 'waiting' | 'paused' | 'done' | 'failed' | 'stopped';
  milliseconds: number;
  /**
   * Nodes run in all; of a long run the middle is not kept.
   */
  nodes: number;
  error: JsonValue;
  visits: VisitWire[];
  /**
   * `meter` and `imports` of the report that the portal gives of its runs; null: none is kept, as of a node that ran once more.
   */
  happened: JsonValue;
}
/**
 * One node of the way taken. Secrets, tokens and sensitive values are masked: •••••.
 *
 * What is left out of a large value is told by an object's key `…`, or at the end of a text.
 */
export interface VisitWire {
  index: number;
  flow: string;
  node: string;
  type: string;
  /**
   * null: still running or paused; `end` of an end, `stopped` at a breakpoint.
   */
  exit: string | null;
  started_at: string;
  milliseconds: number | null;
  /**
   * The variables before, those that the node reads first; large values are cut.
   */
  inputs: JsonValue;
  /**
   * The variables that it set.
   */
  outputs: JsonValue;
  error: JsonValue;
  depth: number;
}
/**
 * `GET /api/traces`, newest first; in memory only.
 */
export interface Traces {
  traces: TraceEntry[];
}
/**
 * `GET /api/examples/{id}/tree?pointer&offset&limit`: a value and (a part of) its children.
 */
export interface Tree {
  node: TreeNode;
  children: TreeNode[];
  total: number;
  offset: number;
}
/**
 * One value of a JSON document, for a tree that is opened level by level.
 */
export interface TreeNode {
  /**
   * null for the document itself.
   */
  key: string | number | null;
  /**
   * JSON pointer (RFC 6901).
   */
  pointer: string;
  /**
   * As an expression; array items without index.
   */
  path: string | null;
  kind: 'object' | 'array' | 'text' | 'number' | 'boolean' | 'null';
  /**
   * Of scalars; long texts are cut.
   */
  value: JsonValue;
  cut: boolean;
  /**
   * Of objects and arrays.
   */
  count: number | null;
}
/**
 * `GET /api/tries`, newest first; bodies are kept in memory only.
 */
export interface TryHistory {
  tries: TryWire[];
}
/**
 * What a try came to; `error` where no usable answer came.
 */
export interface TryWire {
  id: string;
  at: string;
  method: string;
  /**
   * As sent.
   */
  url: string;
  /**
   * Authorization is masked.
   */
  request_headers: {
    [k: string]: string;
  };
  /**
   * User name, or the application; null: nobody.
   */
  sent_as: string | null;
  status: number | null;
  milliseconds: number;
  size: number;
  headers: {
    [k: string]: string;
  };
  /**
   * Id of the body for `/api/examples`; null: none.
   */
  example: string | null;
  /**
   * Of a body that is no JSON; cut at 100,000 characters.
   */
  text: string | null;
  binary: boolean;
  collection: boolean;
  /**
   * Items so far, of a collection.
   */
  items: number | null;
  pages: number;
  /**
   * `POST /api/tries/{id}/next` reads the next page.
   */
  more: boolean;
  retries: number;
  /**
   * {code, message, hint, request_id, status, ...}
   */
  error: JsonValue;
  flow: string | null;
  node: string | null;
}
/**
 * `POST /api/tries`: sends a request of the model once.
 */
export interface TryRequest {
  /**
   * As in an http_request node: method, url, query, headers, body, authentication, api.
   */
  request: JsonValue;
  /**
   * Values of the variables its expressions read.
   */
  values?: {
    [k: string]: JsonValue;
  };
  /**
   * Id of the account that a user's profile sends as.
   */
  account?: string | null;
  /**
   * A write is sent only where this is true: else 409 confirmationNeeded.
   */
  confirmed?: boolean;
  /**
   * Where it stands in the model; for the history.
   */
  flow?: string | null;
  node?: string | null;
}
/**
 * `POST /api/profiles/{name}/sandbox`: ids into the profile, its secret into the store.
 */
export interface UseSandboxApp {
  client_id: string;
  revision: string;
}
/**
 * `POST /api/template`, into an empty application.
 */
export interface UseTemplate {
  template: string;
  title?: string | null;
}
/**
 * `POST /api/traces/{id}/visits/{index}/again`: the node once more with the recorded input.
 *
 * Answers with the trace of it, which is a run of its own.
 */
export interface VisitAgain {
  /**
   * A request that writes is sent only where this is true: else 409 confirmationNeeded.
   */
  confirmed?: boolean;
}
/**
 * `PUT /api/documents/{name}`: a new value (comments and order are kept) or a new text.
 */
export interface WriteDocument {
  revision: string;
  value?: JsonValue;
  text?: string | null;
}
