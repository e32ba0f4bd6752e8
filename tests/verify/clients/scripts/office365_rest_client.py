"""Office365-REST-Python-Client: its GraphClient.

It has the flow by name and password too, which the sandbox does not serve.
"""

import datetime as dt
import io
import os
import tempfile
from pathlib import Path

from office365.directory.users.password_profile import PasswordProfile
from office365.directory.users.profile import UserProfile
from office365.graph_client import GraphClient
from office365.onedrive.driveitems.driveItem import DriveItem

TENANT, PERSON = os.environ["TENANT_ID"], os.environ["PERSON"]
START = dt.datetime(2030, 1, 7, 9, tzinfo=dt.UTC)
FRAGMENT = 10 * 320 * 1024


def list_people(client: GraphClient) -> None:
    people = client.users.get_all(page_size=15).execute_query()
    assert len(people) == 40, len(people)
    found = client.users.get().filter("startswith(displayName,'Noah')").select(["displayName"])
    assert [one.display_name for one in found.execute_query()] == ["Noah Kim"]
    print("40 people in pages of 15, one found")


def change_directory(client: GraphClient) -> None:
    profile = UserProfile(
        f"new.person@{os.environ['DOMAIN']}",
        PasswordProfile("Xq7-hurdle-Pad"),
        "new.person",
        "New Person",
        accountEnabled=True,
    )
    user = client.users.add(profile).execute_query()
    user.set_property("jobTitle", "Surveyor").update().execute_query()
    assert client.users[user.id].get().select(["jobTitle"]).execute_query().job_title == "Surveyor"
    group = client.groups.create_security("night-survey").execute_query()
    group.members.add(user).execute_query()
    assert [one.id for one in group.members.get().execute_query()] == [user.id]
    group.members.remove(user).execute_query()
    group.delete_object().execute_query()
    user.delete_object().execute_query()
    print("users and groups with members: created, changed, deleted")


def change_events(client: GraphClient) -> None:
    me = client.me
    event = me.calendar.events.add(
        subject="A",
        body="Hello",
        start=START,
        end=START + dt.timedelta(hours=1),
        attendees=["priya.nair@" + os.environ["DOMAIN"]],
    ).execute_query()
    event.set_property("subject", "B").update().execute_query()
    # Without an offset, whose "+" it would send unencoded.
    day = START.replace(tzinfo=None)
    view = me.get_calendar_view(day, day + dt.timedelta(days=1)).execute_query()
    assert [one.subject for one in view] == ["B"]
    event.delete_object().execute_query()
    print("events: created, listed, changed, deleted")


def change_messages(client: GraphClient) -> None:
    me = client.me
    message = me.messages.add("Paper and ink", "Hello", [PERSON]).execute_query()
    message.add_file_attachment("ten.txt", "ten bytes.").execute_query()
    # Read anew: what it holds of the attachment is no property that can be written.
    message = me.messages[message.id].get().execute_query()
    message.set_property("importance", "high").update().execute_query()
    message.send().execute_query()
    found = me.messages.get().filter("subject eq 'Paper and ink' and isDraft eq false")
    sent = found.execute_query()
    assert len(sent) == 2, len(sent)
    for one in sent:
        one.delete_object().execute_query()
    me.send_mail("Short", "Hello", [PERSON]).execute_query()
    folder = me.mail_folders.add("Kept").execute_query()
    moved = me.messages.get().filter("subject eq 'Short'").execute_query()[0].move(folder.id)
    assert moved.execute_query().id
    folder.delete_object().execute_query()
    assert len(me.messages.get().top(7).execute_query()) == 7
    print("messages and folders: created, sent, listed, moved, deleted")


def change_contacts(client: GraphClient) -> None:
    contact = client.me.contacts.add("Ada", "Lovelace", "ada@example.com").execute_query()
    contact.set_property("jobTitle", "Countess").update().execute_query()
    read = client.me.contacts[contact.id].get().execute_query()
    assert read.get_property("jobTitle") == "Countess"
    contact.delete_object().execute_query()
    print("contacts: created, changed, deleted")


def change_tasks(client: GraphClient) -> None:
    tasks = client.me.todo.lists.add("Survey").execute_query()
    task = tasks.tasks.add("A", due_date_time=START, body="Hello").execute_query()
    task.set_property("title", "B").update().execute_query()
    assert [one.get_property("title") for one in tasks.tasks.get().execute_query()] == ["B"]
    task.delete_object().execute_query()
    tasks.delete_object().execute_query()
    print("tasks: created, listed, changed, deleted")


def change_files(client: GraphClient) -> None:
    folder = client.me.drive.root.create_folder("Survey").execute_query()
    content = os.urandom(10 * 1024 * 1024)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, "ten million.bin")
        path.write_bytes(content)
        folder.resumable_upload(str(path), FRAGMENT).get().execute_query()
    small = folder.upload("small.txt", b"small").execute_query()
    # Its own `rename` (3.3) sends nothing where no other folder is named, and what `upload` gives
    # has a path that cannot be called.
    renamed = client.me.drive.items[small.id].set_property("name", "smaller.txt")
    renamed.update().execute_query()
    files = {one.name: one for one in folder.children.get().execute_query()}
    assert sorted(files) == ["smaller.txt", "ten million.bin"]
    for download in (DriveItem.download, DriveItem.download_session):
        read = io.BytesIO()
        download(files["ten million.bin"], read).execute_query()
        assert read.getvalue() == content
    folder.delete_object().execute_query()
    print("files: 10 MB uploaded and read back, renamed, listed, deleted")


def change_lists(client: GraphClient) -> None:
    group = client.groups.find_by_name("Engineering").execute_query()
    site = group.sites["root"]
    made = site.lists.add("Boreholes").execute_query()
    item = made.items.add(Title="A").execute_query()
    item.fields.set_property("Title", "B").update().execute_query()
    shown = made.items.get().expand(["fields"]).execute_query()
    assert [one.fields.get_property("Title") for one in shown] == ["B"]
    item.delete_object().execute_query()
    made.delete_object().execute_query()
    print("lists of a site: created, items created, changed, deleted")


def change_plans(client: GraphClient) -> None:
    group = client.groups.find_by_name("Engineering").execute_query()
    plan = client.planner.plans.add("Borings", group).execute_query()
    bucket = plan.buckets.add("First").execute_query()
    task = client.planner.tasks.add("A", plan, bucket).execute_query()
    task.set_property("title", "B").update().execute_query()
    assert task.get().execute_query().title == "B"
    task.delete_object().execute_query()
    plan.delete_object().execute_query()
    print("plans, buckets and tasks: created, changed, deleted")


def talk(client: GraphClient) -> None:
    team = client.me.joined_teams.get().execute_query()[0]
    channel = client.teams[team.id].channels.get().execute_query()[0]
    said = channel.messages.add("Hello").execute_query()
    read = channel.messages[said.id].get().execute_query()
    assert read.body.content == "Hello"
    assert len(channel.messages.get().top(2).execute_query()) >= 1
    print("teams: a channel read and written")


def send_batch(client: GraphClient) -> None:
    me = client.me.get()
    event = client.me.calendar.events.add(subject="Batch", start=START, end=START)
    client.execute_batch()
    assert (me.user_principal_name, event.subject) == (PERSON, "Batch")
    for number in range(25):
        client.me.contacts.add("Ada", f"Lovelace {number}")
    client.execute_batch()
    contacts = client.me.contacts.get_all(page_size=9).execute_query()
    made = [one for one in contacts if one.get_property("givenName") == "Ada"]
    assert len(made) == 25, len(made)
    for one in (event, *made):
        one.delete_object()
    client.execute_batch()
    print("batches: read, created, deleted")


def create_client() -> GraphClient:
    return GraphClient(tenant=TENANT)


def main() -> None:
    secret = (os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"])
    application = create_client().with_client_secret(*secret)
    list_people(application)
    change_directory(application)
    pem = Path(os.environ["CERTIFICATE_FILE"]).read_text("ascii")
    certificate = pem[pem.index("-----BEGIN CERTIFICATE-----") :]
    night = create_client().with_certificate(
        os.environ["CERTIFICATE_CLIENT_ID"], private_key=pem, public_certificate=certificate
    )
    assert night.users[PERSON].get().execute_query().user_principal_name == PERSON
    print("client credentials by secret and certificate")
    public = os.environ["PUBLIC_CLIENT_ID"]
    device = create_client().with_device_flow(public)
    assert device.me.get().execute_query().user_principal_name == PERSON
    client = create_client().with_token_interactive(public, PERSON)
    assert client.me.get().execute_query().user_principal_name == PERSON
    print("device code, authorization code in a browser")
    change_events(client)
    change_messages(client)
    change_contacts(client)
    change_tasks(client)
    change_files(client)
    change_lists(client)
    change_plans(client)
    talk(client)
    send_batch(client)


main()
