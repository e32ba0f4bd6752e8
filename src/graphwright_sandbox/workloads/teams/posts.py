"""Messages as records: read from a body, made, edited, deleted, reacted to. Knows no HTTP."""

import base64
import binascii
import re
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from graphwright_sandbox.graph.bodies import read_entity
from graphwright_sandbox.graph.request import Record
from graphwright_sandbox.workloads.teams.errors import bad_request
from graphwright_sandbox.workloads.teams.message_types import MESSAGE
from graphwright_sandbox.workloads.teams.moments import format_millis, millis, moment_of
from graphwright_sandbox.workloads.teams.store import TeamsStore

_AT = re.compile(r'<at\s+id="(\d+)"', re.IGNORECASE)
_ATTACHMENT = re.compile(r'<attachment\s+id="([^"]+)"', re.IGNORECASE)
_HOSTED = re.compile(r'(?:\.\./)?hostedContents/([^/"]+)/\$value')
_LARGEST = 28 * 1024
_REACTIONS = {
    "like": "👍",
    "heart": "❤️",
    "laugh": "😆",
    "surprised": "😮",
    "sad": "🙁",
    "angry": "😡",
}


@dataclass(frozen=True, slots=True)
class Thread:
    """A channel or a chat, as the place of messages."""

    id: str
    path: str
    """The path of its messages in `@odata.context`."""
    container: str
    """The path of its messages in changes."""
    channel: Record | None = None
    """`teamId` and `channelId` where it is a channel."""
    settings: Record = field(default_factory=dict)
    """The messaging settings of its team."""
    archived: bool = False


def identity_of(store: TeamsStore, user_id: str) -> Record:
    """A user as messages name one."""
    return {
        "@odata.type": "#microsoft.graph.teamworkUserIdentity",
        "id": user_id,
        "displayName": store.name_of(user_id),
        "userIdentityType": "aadUser",
        "tenantId": store.context.tenant.id,
    }


def identities(user: Record | None, **more: Record | None) -> Record:
    return {"application": None, "device": None, "user": user, **more}


def new_post(
    store: TeamsStore, thread: Thread, author: str, data: Record, moment: datetime
) -> Record:
    """A message of checked properties (`read_post`), kept in its thread."""
    messages = store.messages(thread.id)
    number = millis(moment)
    while str(number) in messages:
        number += 1
    moment = moment_of(number)
    reply_to = data.pop("replyToId", None)
    record: Record = {
        "id": str(number),
        "replyToId": reply_to,
        "etag": str(number),
        "messageType": "message",
        "createdDateTime": format_millis(moment),
        "lastModifiedDateTime": format_millis(moment),
        "lastEditedDateTime": None,
        "deletedDateTime": None,
        "subject": None,
        "summary": None,
        "chatId": None if thread.channel else thread.id,
        "importance": "normal",
        "locale": "en-us",
        "webUrl": None,
        "channelIdentity": thread.channel,
        "policyViolation": None,
        "eventDetail": None,
        "from": identities(identity_of(store, author)),
        "attachments": [],
        "mentions": [],
        "reactions": [],
        "messageHistory": [],
        "_hosted": {},
        **data,
    }
    if thread.channel:
        tenant, parent = store.context.tenant.id, reply_to or number
        record["webUrl"] = (
            f"https://teams.microsoft.com/l/message/{quote(thread.id, safe='')}/{number}"
            f"?groupId={thread.channel['teamId']}&tenantId={tenant}&createdTime={number}"
            f"&parentMessageId={parent}"
        )
    messages[record["id"]] = record
    return record


def read_post(store: TeamsStore, body: Record, *, editing: bool = False) -> Record:
    """The properties of a message in a body; an edit needs only what it changes."""
    data = read_entity(body, MESSAGE)
    data.pop("replies", None)
    hosted = _read_hosted(data.pop("hostedContents", []))
    for name in ("importance", "locale"):
        if name in data and data[name] in (None, "unknownFutureValue"):
            raise bad_request(f"Invalid value of '{name}'.")
    if editing and "body" not in data and not {"mentions", "attachments"} & data.keys():
        return data
    given = data.get("body") or {}
    content = given.get("content")
    if not content or not content.strip():
        raise bad_request("Missing body content.")
    if len(content.encode()) > _LARGEST:
        raise bad_request("The message is too large.")
    kind = given.get("contentType") or "text"
    data["body"] = {"contentType": kind, "content": content}
    data["mentions"] = _read_mentions(store, content if kind == "html" else "", data)
    attached = data.get("attachments") or []
    _check_attached(content if kind == "html" else "", attached)
    names = ("id", "contentType", "contentUrl", "content", "name", "thumbnailUrl", "teamsAppId")
    data["attachments"] = [{name: one.get(name) for name in names} for one in attached]
    data["_hosted"] = hosted
    return data


def _read_mentions(store: TeamsStore, html: str, data: Record) -> list[Record]:
    """The mentions of a message, which its body needs to hold, each as `<at id>`."""
    mentions = data.get("mentions") or []
    numbers = [mention.get("id") for mention in mentions]
    if set(map(str, numbers)) != set(_AT.findall(html)) or len(set(numbers)) != len(numbers):
        raise bad_request("The mentions do not match the <at> elements of the body.")
    shown = []
    for mention in mentions:
        mentioned = mention.get("mentioned") or {}
        user, conversation = mentioned.get("user"), mentioned.get("conversation")
        if user:
            person = store.context.tenant.people.find(str(user.get("id")))
            if person is None:
                raise bad_request("A mentioned user was not found.")
            user = identity_of(store, person.id)
        elif not conversation or not conversation.get("id"):
            raise bad_request("A mention needs a user or a conversation.")
        shown.append(
            {
                "id": mention["id"],
                "mentionText": mention.get("mentionText") or (user or {}).get("displayName"),
                "mentioned": identities(user, conversation=conversation),
            }
        )
    return shown


def _check_attached(html: str, attached: list[Record]) -> None:
    ids = [one.get("id") for one in attached]
    if None in ids or set(ids) != set(_ATTACHMENT.findall(html)):
        raise bad_request("The attachments do not match the <attachment> elements of the body.")


def _read_hosted(contents: list[Any]) -> Record:
    """Pictures that came with a message, by their temporary ids."""
    hosted: Record = {}
    for content in contents:
        key = content.get("@microsoft.graph.temporaryId") if isinstance(content, dict) else None
        data = content.get("contentBytes") if isinstance(content, dict) else None
        if not isinstance(key, str) or not isinstance(data, str):
            raise bad_request("Hosted content needs a temporaryId and contentBytes.")
        try:
            base64.b64decode(data, validate=True)
        except binascii.Error as error:
            raise bad_request("The contentBytes of hosted content are not valid base64.") from error
        hosted[key] = {
            "id": base64.b64encode(f"id=,type=1,url=hosted/{uuid.uuid4()}".encode()).decode(),
            "contentBytes": data,
            "contentType": content.get("contentType") or "image/png",
        }
    return hosted


def link_hosted(record: Record, url: str) -> None:
    """Where the body shows a picture that came with it, the picture's own URL is put."""
    hosted: Record = record["_hosted"]

    def replaced(match: re.Match[str]) -> str:
        content = hosted.get(match[1])
        return f"{url}/hostedContents/{content['id']}/$value" if content else match[0]

    record["body"]["content"] = _HOSTED.sub(replaced, record["body"]["content"])
    record["_hosted"] = {content["id"]: content for content in hosted.values()}


def touch(record: Record, moment: datetime) -> None:
    """The message has another state: another etag, another time of change."""
    record["etag"] = str(max(millis(moment), int(record["etag"]) + 1))
    record["lastModifiedDateTime"] = format_millis(moment_of(int(record["etag"])))


def edit(record: Record, data: Record, moment: datetime) -> None:
    record.update(data)
    record["lastEditedDateTime"] = format_millis(moment)
    touch(record, moment)


def set_deleted(record: Record, moment: datetime, *, deleted: bool) -> None:
    """A deleted message stays, without its content, and can be brought back."""
    record["deletedDateTime"] = format_millis(moment) if deleted else None
    touch(record, moment)


def show_post(record: Record) -> Record:
    if record["deletedDateTime"] is None:
        return record
    body = {"contentType": "html", "content": ""}
    return {**record, "body": body, "attachments": [], "mentions": [], "reactions": []}


def react(record: Record, user_id: str, reaction: str, moment: datetime, *, add: bool) -> None:
    """One reaction more or less of a user."""
    name = reaction.strip()
    if not name or len(name) > 40 or (name.isascii() and name not in _REACTIONS):
        raise bad_request("Invalid reactionType.")
    symbol = _REACTIONS.get(name, name)
    former: list[Record] = record["reactions"]

    def same(one: Record) -> bool:
        return one["user"]["user"]["id"] == user_id and (
            _REACTIONS.get(one["reactionType"], one["reactionType"]) == symbol
        )

    user = {"id": user_id, "displayName": None, "userIdentityType": "aadUser"}
    item = {
        "reactionType": name,
        "displayName": None,
        "reactionContentUrl": None,
        "createdDateTime": format_millis(moment),
        "user": identities(user),
    }
    kept = [one for one in former if not same(one)]
    if not add and len(kept) == len(former):
        raise bad_request("The user did not react so.")
    record["reactions"] = [*kept, item] if add else kept
    record["messageHistory"] = [
        *record["messageHistory"],
        {
            "modifiedDateTime": format_millis(moment),
            "actions": "reactionAdded" if add else "reactionRemoved",
            "reaction": item,
        },
    ]
    touch(record, moment)
