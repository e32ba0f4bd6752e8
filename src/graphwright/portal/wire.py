"""The shapes of the portal's API, for its OpenAPI description and for reading request bodies."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class StartBody(BaseModel):
    """The body of `POST /api/start`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    path: str = Field(max_length=200)
    time_zone: str | None = Field(default=None, max_length=64)
    query: dict[str, str] = Field(default_factory=dict, max_length=50)


class ExitBody(BaseModel):
    """The body of `POST …/exits/{exit}`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    submission: str = Field(min_length=8, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")
    data: Any = None
    time_zone: str | None = Field(default=None, max_length=64)


class UserWire(BaseModel):
    """Who is signed in."""

    name: str | None
    email: str | None


class NavigationWire(BaseModel):
    """One entry of the navigation."""

    title: str
    path: str
    icon: str | None


class ApplicationWire(BaseModel):
    """The application as its portal shows it."""

    title: str
    navigation: list[NavigationWire]
    home: str


class SignInWire(BaseModel):
    """One way to sign in."""

    title: str
    url: str


class SessionWire(BaseModel):
    """The answer of `GET /api/session`."""

    signed_in: bool
    user: UserWire | None
    application: ApplicationWire
    csrf_token: str
    sign_in: list[SignInWire]
    may_see_runs: bool
    modeler: bool = Field(description="Whether `POST /api/modeler` opens the modeler.")


class ModelerWire(BaseModel):
    """The answer of `POST /api/modeler`: a link that opens the modeler once."""

    url: str


class ActionWire(BaseModel):
    """A button of a page."""

    name: str
    title: str
    icon: str | None
    appearance: str
    on: Literal["page", "row"]
    confirm: str | None


class PageWire(BaseModel):
    """A page; `view` is its type's own."""

    name: str
    type: str
    title: str
    description: str | None
    notice: str | None
    actions: list[ActionWire]
    exits: list[str]
    view: dict[str, Any]


class PageStepWire(BaseModel):
    """A step that shows a page."""

    kind: Literal["page"]
    instance: str
    step: int
    path: str
    page: PageWire
    notice: str | None


class RedirectStepWire(BaseModel):
    """A step that needs the browser elsewhere: to sign in."""

    kind: Literal["redirect"]
    url: str


class EndStepWire(BaseModel):
    """The end of a flow."""

    kind: Literal["end"]
    path: str
    title: str
    message: str
    tone: Literal["success", "info", "error"]


StepWire = PageStepWire | RedirectStepWire | EndStepWire


class RowsWire(BaseModel):
    """Rows of a part."""

    rows: list[dict[str, Any]]
    total: int
    offset: int


class RowWire(BaseModel):
    """One row, its HTML sanitised; `confirm` has the question of each of its actions."""

    row: dict[str, Any]
    blocked_images: int
    confirm: dict[str, str]


class FileWire(BaseModel):
    """A file that was stored, and under which name."""

    name: str


class RunWire(BaseModel):
    """One run of a flow."""

    id: str
    flow: str
    who: str | None
    started_at: str
    duration_ms: float
    way: list[str]
    counts: dict[str, Any]
    error: dict[str, Any] | None
    status: str


class RunsWire(BaseModel):
    """The runs list."""

    runs: list[RunWire]


class RunVisitWire(BaseModel):
    """One node of the way a run took."""

    flow: str
    node: str
    exit: str
    ms: float


class MeterWire(BaseModel):
    """What the requests of a run cost; bytes as they came over the wire."""

    requests: int
    retries: int
    waited_s: float
    bytes_in: int
    bytes_out: int
    pages: int
    deferred_until: str | None


class ImportReportWire(BaseModel):
    """What became of an import's items; `resumed`: with those of the run that was cut off before."""

    inserted: int
    updated: int
    unchanged: int
    deleted: int
    skipped: int
    duplicates: int
    resumed: bool
    reasons: list[tuple[str, str]]


class RunReportWire(BaseModel):
    """What happened in a run."""

    run_id: str
    flow: str
    status: str
    started_at: str
    duration_ms: float
    meter: MeterWire
    imports: dict[str, ImportReportWire]
    failures: list[dict[str, Any]]


class RunDetailWire(RunWire):
    """The answer of `GET /api/runs/{id}`."""

    visits: list[RunVisitWire]
    report: RunReportWire


class UrlWire(BaseModel):
    """Where the browser goes next."""

    url: str
