"""The application of these tests: `examples/my-day` and a bulk list, its import, flows and page.

It must not know how fast anything ought to be.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).resolve().parents[2]

# Two profiles of the same registration: bulk requests have a server of their own, as the mailboxes
# of a real tenant have, so that what is measured is the portal and not one sandbox's queue.
FILES = {
    "profiles/graph-bulk.yaml": """
        type: oauth2_entra
        title: Microsoft 365 (bulk)
        grant_type: client_credentials
        tenant: ${MY_DAY_TENANT}
        authority: ${BULK_AUTHORITY}
        graph: ${BULK_GRAPH}
        ca_file: ${GRAPHWRIGHT_CA_FILE}
        client_id: ${MY_DAY_APPLICATION_ID}
        client_secret: {secret: MY_DAY_APPLICATION_SECRET}
    """,
    "lists/bulk_event.yaml": """
        title: Bulk events
        owner: %(owner)s
        key: [id]
        fields:
          id: {type: text, hidden: true}
          subject: {type: text, title: Subject}
          start: {type: zoned_datetime, title: Start}
          end: {type: zoned_datetime, title: End}
          is_all_day: {type: boolean, title: All day}
          location: {type: text, title: Location}
          organizer: {type: text, title: Organizer}
          body: {type: html}
    """,
    "imports/bulk_event.yaml": """
        list: bulk_event
        fields:
          id: id
          subject: subject
          start: start
          end: end
          is_all_day: isAllDay
          location: location.displayName
          organizer: organizer.emailAddress.name
          body: body.content
    """,
    "pages/bulk_events.yaml": """
        type: table
        title: Bulk events
        list: bulk_event
        columns: [subject, start, end, is_all_day, location, organizer]
        sort: start
    """,
    # Where a sign-in leads: what it takes is the portal's own, no answer of Graph is waited for.
    "flows/welcome.yaml": """
        kind: regular
        title: Welcome
        path: /welcome
        start: authorize
        nodes:
          authorize:
            type: authenticate
            profile: graph-user
            exits: {authenticated: show}
          show: {type: page, page: bulk_events}
    """,
    "flows/%(flow)s.yaml": """
        kind: %(kind)s
        title: Everything of one calendar
        %(path)s
        start: load
        nodes:
          load:
            type: http_request
            url: /users/%(person)s/events
            query: {$top: %(top)s}
            authentication: {type: oauth2, profile: graph-bulk}
            response: events
            exits: {default: import}
          import:
            type: import_data
            import: bulk_event
            from: events.body
            mode: replace
            result: report
            exits: {default: show}
          show: %(show)s
    """,
}


def create_application(folder: Path, *, person: str, interactive: bool) -> Path:
    """The application's folder.

    Interactive: `/bulk` imports the person's calendar for who is signed in and shows a table. Else
    the action flow `bulk` imports it into a list that all see.
    """
    shutil.copytree(
        ROOT / "examples" / "my-day",
        folder,
        ignore=shutil.ignore_patterns(".graphwright", ".env", ".schema"),
    )
    values = {
        "owner": "user" if interactive else "shared",
        "flow": "bulk",
        "kind": "regular" if interactive else "action",
        "path": "path: /bulk" if interactive else "inputs: {}",
        "person": person,
        # Ten pages are one batch: smaller ones give more moments at which to kill an import.
        "top": 999 if interactive else 200,
        "show": "{type: page, page: bulk_events}" if interactive else "{type: end, message: Done.}",
    }
    for name, text in FILES.items():
        (folder / (name % values)).write_text(dedent(text % values), "utf-8")
    if interactive:
        app = folder / "app.yaml"
        app.write_text(app.read_text("utf-8").replace("home: calendar", "home: welcome"), "utf-8")
    return folder
