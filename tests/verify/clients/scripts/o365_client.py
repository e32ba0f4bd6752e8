"""O365: the client that knows Microsoft's own host names only."""

import datetime as dt
import io
import os
from pathlib import Path
from zoneinfo import ZoneInfo

from O365 import Account, MSGraphProtocol
from O365.utils.token import MemoryTokenBackend

UTC = ZoneInfo("UTC")
TENANT, PERSON = os.environ["TENANT_ID"], os.environ["PERSON"]
SECRET = (os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"])
SCOPES = [
    "User.Read", "User.ReadBasic.All", "Calendars.ReadWrite", "Mail.ReadWrite", "Mail.Send",
    "Contacts.ReadWrite", "Files.ReadWrite.All", "Tasks.ReadWrite", "Sites.ReadWrite.All",
    "Sites.Manage.All", "Group.ReadWrite.All", "MailboxSettings.ReadWrite", "Team.ReadBasic.All",
    "Channel.ReadBasic.All", "ChannelMessage.Send", "ChannelMessage.Read.All", "Chat.ReadWrite",
]  # fmt: skip


def create_account(credentials: object, flow: str, **options: str) -> Account:
    return Account(
        credentials,
        auth_flow_type=flow,
        tenant_id=TENANT,
        token_backend=MemoryTokenBackend(),
        protocol=MSGraphProtocol(timezone="UTC"),
        requests_delay=0,
        **options,
    )


def sign_in(credentials: object, flow: str, scopes: list[str], redirect_uri: str) -> Account:
    account = create_account(credentials, flow)

    def consent(url: str) -> str:
        print("SIGN-IN", url, flush=True)
        return input()

    scopes = [f"https://graph.microsoft.com/{scope}" for scope in scopes]
    assert account.authenticate(
        requested_scopes=scopes, redirect_uri=redirect_uri, handle_consent=consent
    )
    assert account.get_current_user_data().user_principal_name == PERSON
    assert account.connection.refresh_token()
    return account


def list_people(account: Account) -> None:
    people = list(account.directory().get_users(limit=None, batch=15))
    assert len(people) == 40, len(people)
    drive = account.storage(resource=f"users/{PERSON}").get_default_drive()
    assert drive.get_root_folder().name == "root"
    print("40 people in pages of 15, a drive")


def change_events(account: Account) -> None:
    schedule = account.schedule()
    calendar = schedule.get_default_calendar()
    event = calendar.new_event("A")
    event.start = dt.datetime(2030, 1, 7, 9, tzinfo=UTC)
    event.end = event.start + dt.timedelta(hours=1)
    event.location = "Room 1"
    event.body = "<b>Hello</b>"
    event.attendees.add("priya.nair@" + os.environ["DOMAIN"])
    event.recurrence.set_daily(1, start=dt.date(2030, 1, 7), occurrences=3)
    assert event.save()
    event.subject = "B"
    assert event.save()
    read = calendar.get_event(event.object_id)
    assert (read.subject, read.location["displayName"]) == ("B", "Room 1")
    found = calendar.get_events(
        limit=None,
        batch=2,
        include_recurring=True,
        start_recurring=dt.datetime(2030, 1, 1, tzinfo=UTC),
        end_recurring=dt.datetime(2030, 1, 31, tzinfo=UTC),
    )
    assert [one.subject for one in found].count("B") == 3
    assert event.delete()
    own = schedule.new_calendar("Surveys")
    own.name = "Night surveys"
    assert own.update()
    assert own.delete()
    print("events and calendars: created, listed, changed, deleted")


def change_messages(account: Account) -> None:
    mailbox = account.mailbox()
    message = mailbox.new_message()
    message.to.add(PERSON)
    message.subject, message.body = "Paper & ink", "<p>Hello</p>"
    message.attachments.add([(io.BytesIO(b"ten bytes."), "ten.txt")])
    assert message.save_draft()
    draft = mailbox.get_message(message.object_id, download_attachments=True)
    assert [one.name for one in draft.attachments] == ["ten.txt"]
    draft.subject = "Paper"
    assert draft.save_draft()
    assert draft.send()
    query = mailbox.new_query().equals("subject", "Paper")
    inbox = mailbox.inbox_folder()
    received = list(inbox.get_messages(limit=None, query=query, batch=2))
    assert [one.subject for one in received] == ["Paper"]
    assert received[0].mark_as_read()
    folder = mailbox.create_child_folder("Kept")
    assert received[0].move(folder)
    assert folder.delete()
    listed = list(inbox.get_messages(limit=12, batch=5))
    assert len({one.object_id for one in listed}) == 12
    print("messages and folders: created, sent, listed, moved, deleted")


def change_contacts(account: Account) -> None:
    book = account.address_book()
    contact = book.new_contact()
    contact.name, contact.surname = "Ada", "Lovelace"
    contact.emails.add("ada@example.com")
    assert contact.save()
    contact.job_title = "Countess"
    assert contact.save()
    found = [one for one in book.get_contacts(limit=None, batch=5) if one.surname == "Lovelace"]
    assert [one.job_title for one in found] == ["Countess"]
    assert contact.delete()
    print("contacts: created, listed, changed, deleted")


def change_tasks(account: Account) -> None:
    todo = account.tasks()
    folder = todo.new_folder("Survey")
    task = folder.new_task("A")
    task.due = dt.datetime(2030, 1, 7, tzinfo=UTC)
    assert task.save()
    task.subject = "B"
    task.mark_completed()
    assert task.save()
    step = task.new_checklist_item("First")
    assert step.save()
    read = folder.get_task(task.task_id)
    assert (read.subject, read.is_completed) == ("B", True)
    assert [one.displayname for one in read.get_checklist_items()] == ["First"]
    assert task.delete()
    assert folder.delete()
    print("tasks: created, changed, deleted")


def change_files(account: Account) -> None:
    root = account.storage().get_default_drive().get_root_folder()
    folder = root.create_child_folder("Survey")
    content = os.urandom(10 * 1024 * 1024)
    file = folder.upload_file(
        None,
        item_name="ten million & more.bin",
        stream=io.BytesIO(content),
        stream_size=len(content),
        conflict_handling="fail",
    )
    assert file.size == len(content)
    read = io.BytesIO()
    assert file.download(output=read)
    assert read.getvalue() == content
    small = folder.upload_file(
        None, item_name="small.txt", stream=io.BytesIO(b"small"), stream_size=5
    )
    assert small.update(name="smaller.txt", description="five bytes")
    copy = small.copy(folder, "copy.txt").check_status()
    assert all(progress for _, progress in copy)
    link = small.share_with_link(share_type="view", share_scope="organization")
    assert link.share_link
    names = sorted(one.name for one in folder.get_items(limit=None, batch=2))
    assert names == ["copy.txt", "smaller.txt", "ten million & more.bin"]
    assert folder.delete()
    print("files: 10 MB uploaded and read back, renamed, copied, shared, listed, deleted")


def change_lists(account: Account) -> None:
    site = account.sharepoint().search_site("Engineering")[0]
    made = site.create_list(
        {
            "displayName": "Boreholes",
            "columns": [{"name": "Depth", "number": {}}],
            "list": {"template": "genericList"},
        }
    )
    assert made
    boreholes = site.get_list_by_name("Boreholes")
    item = boreholes.create_list_item({"Title": "A", "Depth": 12})
    item.update_fields({"Depth": 13})
    assert item.save_updates()
    read = boreholes.get_item_by_id(item.object_id, expand_fields=["Title", "Depth"])
    assert read.fields["Depth"] == 13
    assert boreholes.delete_list_item(item.object_id)
    print("lists of a site: created, items created, changed, deleted")


def change_plans(account: Account) -> None:
    group = next(one for one in account.groups().list_groups() if one.display_name == "Engineering")
    planner = account.planner()
    plan = planner.create_plan(group.object_id, "Borings")
    bucket = plan.create_bucket("First")
    task = bucket.create_task("A")
    assert task.update(title="B", percent_complete=50)
    assert task.get_details().update(description="Deep")
    # Its description changes the task too, which has another ETag then.
    task = planner.get_task_by_id(task.object_id)
    assert task.title == "B"
    assert task.delete()
    assert bucket.delete()
    assert plan.delete()
    print("plans, buckets and tasks: created, changed, deleted")


def talk(account: Account) -> None:
    teams = account.teams()
    team = teams.get_my_teams()[0]
    channel = team.get_channels()[0]
    said = channel.send_message("Hello")
    assert said.send_reply("Hello back")
    assert channel.get_message(said.object_id).content == "Hello"
    assert len(list(channel.get_messages(limit=10, batch=2))) >= 2
    chat = next(iter(teams.get_my_chats(limit=1)))
    assert chat.send_message("Hi").content == "Hi"
    print("teams: channels and chats read and written")


def main() -> None:
    application = create_account(SECRET, "credentials")
    assert application.authenticate()
    list_people(application)
    pem = Path(os.environ["CERTIFICATE_FILE"]).read_text("ascii")
    proof = {"private_key": pem, "public_certificate": pem}
    night = create_account((os.environ["CERTIFICATE_CLIENT_ID"], proof), "credentials")
    assert night.authenticate()
    assert night.directory().get_user(PERSON).user_principal_name == PERSON
    print("client credentials by secret and certificate")
    sign_in(os.environ["PUBLIC_CLIENT_ID"], "public", ["User.Read"], "http://localhost")
    account = sign_in(SECRET, "authorization", SCOPES, "http://localhost:5000/callback")
    print("authorization code of a public and a confidential client, refreshed")
    change_events(account)
    change_messages(account)
    change_contacts(account)
    change_tasks(account)
    change_files(account)
    change_lists(account)
    change_plans(account)
    talk(account)


main()
