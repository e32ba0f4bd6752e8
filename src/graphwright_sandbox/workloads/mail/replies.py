"""Replies and forwards: who gets them, what they quote. Pure; a draft is made by the store."""

import re
from html import escape
from typing import Literal

from graphwright_sandbox.graph.attachments import Attachment
from graphwright_sandbox.graph.errors import GraphError, bad_request
from graphwright_sandbox.graph.request import Record
from graphwright_sandbox.graph.values import format_instant
from graphwright_sandbox.workloads.mail.records import MessageRecord, address_of

Action = Literal["reply", "replyAll", "forward"]
_PREFIX = re.compile(r"^(?:(?:re|fw|fwd|aw|wg):\s*)+", re.IGNORECASE)
_LISTS = ("toRecipients", "ccRecipients", "bccRecipients")


def answer_to(
    record: MessageRecord, action: Action, message: Record, comment: str | None, owner: str
) -> Record:
    """The properties of an answer; `message` is what the caller gave, `owner` their address."""
    if comment and "body" in message:
        raise bad_request(
            "Specify either a comment or the body of the message, not both.", "ErrorInvalidRequest"
        )
    subject = _PREFIX.sub("", record.properties["subject"] or "")
    data: Record = {
        "subject": f"{'FW' if action == 'forward' else 'RE'}: {subject}",
        "body": _quoted(record, comment or ""),
    }
    if action != "forward":
        data |= _receivers(record, action, owner)
    return {**data, **message}


def _receivers(record: MessageRecord, action: Action, owner: str) -> Record:
    """To the sender, or to whom the sender asked; who answers own mail writes to its receivers."""
    properties = record.properties
    mine = address_of(properties["from"]) == owner.casefold()
    to = list(properties["replyTo"]) or [properties["from"]]
    if mine:
        to = list(properties["toRecipients"])
    if action == "reply":
        return {"toRecipients": to}
    others = [] if mine else properties["toRecipients"]
    known: set[str] = {owner.casefold()} if not mine else set()
    return {
        "toRecipients": _others([*to, *others], known),
        "ccRecipients": _others(properties["ccRecipients"], known),
    }


def _others(recipients: list[Record], known: set[str]) -> list[Record]:
    """Those not named yet."""
    found = []
    for recipient in recipients:
        if address_of(recipient) not in known:
            known.add(address_of(recipient))
            found.append(recipient)
    return found


def _quoted(record: MessageRecord, comment: str) -> Record:
    properties = record.properties
    body = properties["body"]
    email = (properties["from"] or {}).get("emailAddress") or {}
    names = "; ".join(
        str((one.get("emailAddress") or {}).get("name")) for one in properties["toRecipients"]
    )
    lines = (
        ("From", f"{email.get('name')} <{email.get('address')}>"),
        ("Sent", format_instant(record.sent)),
        ("To", names),
        ("Subject", properties["subject"] or ""),
    )
    if body["contentType"] != "html":
        head = "\r\n".join(f"{name}: {value}" for name, value in lines)
        line = "_" * 32
        text = f"{comment}\r\n\r\n{line}\r\n{head}\r\n\r\n{body['content']}"
        return {"contentType": "text", "content": text}
    head = "<br>".join(f"<b>{name}:</b> {escape(value)}" for name, value in lines)
    quoted = (
        f'<hr><div id="divRplyFwdMsg">{head}</div><div>&nbsp;</div>{inner_html(body["content"])}'
    )
    content = f"<html><body>{escape(comment)}{quoted}</body></html>"
    return {"contentType": "html", "content": content}


def inner_html(html: str) -> str:
    """What stands in the body of an HTML document."""
    # Each end is looked for once: one pattern for both would try every pair of them.
    start = re.search(r"<body[^<>]*>", html, re.IGNORECASE)
    ends = [found.start() for found in re.finditer(r"</body>", html, re.IGNORECASE)]
    if start is None or not ends or ends[-1] < start.end():
        return html
    return html[start.end() : ends[-1]]


def carried_attachments(record: MessageRecord, action: Action) -> list[Attachment]:
    """A forward takes all attachments along, a reply the inline ones."""
    return [item.copy() for item in record.attachments if action == "forward" or item.inline]


def check_forward(message: Record) -> None:
    """A forward names whom it goes to."""
    if not any(message.get(name) for name in _LISTS):
        raise GraphError(400, "ErrorInvalidRecipients", "At least one recipient is not valid.")
