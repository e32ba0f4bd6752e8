"""The seeded sandbox in a process of its own, whose application may read everybody's calendar.

`python -m tests.verify.sandbox_process STATE BULK_EVENTS REDIRECT_URI…` prints one line of JSON when
it answers and ends when its standard input closes. It must not know what is measured.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

from graphwright_sandbox.cli import describe
from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.server import Sandbox
from graphwright_sandbox.tenant import Tenant

APPLICATION = "My day (application)"


def create_readable_tenant(redirect_uris: tuple[str, ...] = ()) -> Tenant:
    """The seeded tenant; its application may besides read all calendars."""
    tenant = create_tenant(redirect_uris)
    apps = tuple(
        replace(app, application_permissions=(*app.application_permissions, "Calendars.Read"))
        if app.display_name == APPLICATION
        else app
        for app in tenant.app_registrations
    )
    return replace(tenant, app_registrations=apps)


def main() -> None:
    state, bulk_events, *redirect_uris = sys.argv[1:]
    tenant = create_readable_tenant(tuple(redirect_uris))
    with Sandbox.start(tenant, Path(state), bulk_events=int(bulk_events)) as running:
        sys.stdout.write(json.dumps(describe(running)) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
