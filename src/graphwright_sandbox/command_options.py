"""The options of ``graphwright-sandbox``, in groups. It must not know what is done with them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer


class ConsentPolicy(StrEnum):
    """The values of ``--user-consent``."""

    ALL = "all"
    ADMIN_FOR_HIGH = "admin_for_high"
    NONE = "none"


_ADDRESSES, _TENANT, _SIGN_IN = "Addresses", "The tenant", "Sign-in"
_FAILURES, _MEASURE, _PROGRAMS = "What goes wrong", "To measure", "For programs"


def _option(*names: str, panel: str, **settings: Any) -> Any:
    """An option of a group; short names of values leave the help its room in 80 columns."""
    return typer.Option(*names, rich_help_panel=panel, **settings)


def _port(text: str) -> Any:
    return _option(
        min=0, max=65535, metavar="PORT", panel=_ADDRESSES, help=f"{text}; 0: any free one."
    )


HttpsPort = Annotated[int, _port("Port for programs")]
HttpPort = Annotated[int, _port("Port for browsers")]
TransferPort = Annotated[int, _port("Port for contents of files")]
RealHostNames = Annotated[
    bool,
    _option(
        "--real-host-names",
        panel=_ADDRESSES,
        help="Answer as login.microsoftonline.com and graph.microsoft.com too.",
    ),
]
Certificates = Annotated[
    Path | None,
    _option(
        file_okay=False,
        metavar="DIR",
        panel=_ADDRESSES,
        help="Folder of certificates and keys. Default: the user's cache folder.",
    ),
]
AppRegistrations = Annotated[
    Path | None,
    _option(
        dir_okay=False,
        metavar="FILE",
        panel=_TENANT,
        help="Your app registrations (TOML), beside the seeded ones.",
    ),
]
RedirectUri = Annotated[
    list[str] | None,
    _option(
        metavar="URL",
        panel=_TENANT,
        help="One more redirect URI of 'My day (users)'; may be repeated.",
    ),
]
StateOption = Annotated[
    Path | None,
    _option(
        "--state",
        dir_okay=False,
        metavar="FILE",
        panel=_TENANT,
        help="Keep everything written. Default: a restart brings the company back.",
    ),
]
Password = Annotated[
    str | None,
    _option(
        metavar="TEXT",
        panel=_SIGN_IN,
        help="Ask everybody for this password. Default: nobody is asked.",
    ),
]
UserConsentOption = Annotated[
    ConsentPolicy,
    _option(
        metavar="POLICY",
        panel=_SIGN_IN,
        help="What people may consent to without an administrator: all, admin_for_high, none.",
    ),
]
AccessTokenLifetime = Annotated[
    int | None,
    _option(
        min=1,
        metavar="SECONDS",
        panel=_SIGN_IN,
        help="Lifetime of access tokens. Default: 60 to 90 minutes.",
    ),
]
OpaqueAccessTokens = Annotated[
    bool,
    _option(
        "--opaque-access-tokens", panel=_SIGN_IN, help="Access tokens that only Graph can read."
    ),
]
SingleUseAssertions = Annotated[
    bool,
    _option(
        "--single-use-assertions", panel=_SIGN_IN, help="Refuse a client assertion seen before."
    ),
]
Fault = Annotated[
    list[str] | None,
    _option(
        metavar="RULE",
        panel=_FAILURES,
        help="One fault, as 'GET /me/messages: 429 retry-after=2'; may be repeated.",
    ),
]
FaultsFile = Annotated[
    Path | None,
    _option(dir_okay=False, metavar="FILE", panel=_FAILURES, help="A file of faults (TOML)."),
]
Seed = Annotated[
    int | None,
    _option(
        metavar="N",
        panel=_FAILURES,
        help="How chance falls in faults. Default: the file's, else 0.",
    ),
]
Throttle = Annotated[
    list[str] | None,
    _option(
        metavar="LIMIT",
        panel=_FAILURES,
        help="Limits of traffic: outlook=100/60 (requests/seconds), outlook-concurrency=4, off; "
        "may be repeated.",
    ),
]
People = Annotated[
    int,
    _option(
        min=0,
        max=100_000,
        metavar="N",
        panel=_MEASURE,
        help="So many people in all; beyond the company they are made when looked at.",
    ),
]
Messages = Annotated[
    int,
    _option(
        min=0,
        max=10_000_000,
        metavar="N",
        panel=_MEASURE,
        help="This many more messages in every inbox, made when looked at.",
    ),
]
BulkEvents = Annotated[
    int,
    _option(min=0, metavar="N", panel=_MEASURE, help="This many more events for the first person."),
]
AsJson = Annotated[
    bool,
    _option("--json", panel=_PROGRAMS, help="Print one line of JSON when ready, and nothing else."),
]
UntilStdinCloses = Annotated[
    bool,
    _option(
        "--until-stdin-closes",
        panel=_PROGRAMS,
        help="Stop when standard input closes: with the program that started it.",
    ),
]
