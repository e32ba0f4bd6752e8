"""Messages as MIME (RFC 5322) and back. Pure; uses the standard library's reader and writer."""

import base64
import binascii
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime
from typing import cast

from graphwright_sandbox.graph.attachments import Attachment
from graphwright_sandbox.graph.errors import GraphError, bad_request
from graphwright_sandbox.graph.item_ids import new_key
from graphwright_sandbox.graph.request import Record
from graphwright_sandbox.workloads.mail.records import MessageRecord

_POLICY = policy.SMTP.clone(refold_source="none")
# Reading a header takes a time that grows with the square of its length, one with parameters most.
_LARGEST_HEADER = 32 * 1024
_LARGEST_PARAMETERS = 4 * 1024
_LARGEST_HEADERS = 256 * 1024  # as in Exchange
_FIELDS = (
    ("From", "from"),
    ("Sender", "sender"),
    ("To", "toRecipients"),
    ("Cc", "ccRecipients"),
    ("Bcc", "bccRecipients"),
    ("Reply-To", "replyTo"),
)
_TAKEN = frozenset(
    """from sender to cc bcc reply-to subject date message-id importance mime-version content-type
    content-transfer-encoding content-disposition content-id""".split()
)


def write_mime(record: MessageRecord) -> bytes:
    """The whole message with its attachments."""
    mail = EmailMessage(_POLICY)
    properties = record.properties
    for header, name in _FIELDS:
        value = properties[name]
        people = value if isinstance(value, list) else [value or {}]
        addresses = [found for one in people if (found := _address(one)) is not None]
        if addresses and not (header == "Sender" and value == properties["from"]):
            mail[header] = addresses
    mail["Subject"] = _line(properties["subject"] or "")
    mail["Date"] = format_datetime(record.sent)
    mail["Message-ID"] = _line(record.message_id)
    mail["Importance"] = properties["importance"]
    for extra in properties["internetMessageHeaders"]:
        name, value = _line(str(extra.get("name"))), _line(str(extra.get("value") or ""))
        if name.isascii() and name.replace("-", "").isalnum() and name.lower() not in _TAKEN:
            mail[name] = value
    body = properties["body"]
    mail.set_content(body["content"], subtype="html" if body["contentType"] == "html" else "plain")
    for attachment in record.attachments:
        _attach(mail, attachment)
    return mail.as_bytes()


def _line(text: str) -> str:
    """One line without control characters: no header may hold the beginning of another."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _address(recipient: Record) -> Address | None:
    email = recipient.get("emailAddress") or {}
    name, address = _line(str(email.get("name") or "")), str(email.get("address") or "")
    user, at, domain = address.rpartition("@")
    try:
        return Address(name, user, domain) if at else None
    except (ValueError, MessageError):
        return None


def _attach(mail: EmailMessage, attachment: Attachment) -> None:
    if attachment.kind != "file":
        return
    main, _, sub = (attachment.content_type or "").partition("/")
    known = main in ("application", "audio", "image", "text", "video") and sub.isprintable() and sub
    mail.add_attachment(
        attachment.content,
        maintype=main if known else "application",
        subtype=sub.partition(";")[0] if known else "octet-stream",
        filename=_line(attachment.name),
        disposition="inline" if attachment.inline else "attachment",
        cid=f"<{_line(attachment.content_id)}>" if attachment.content_id else None,
    )


def decode_mime(body: bytes) -> bytes:
    """The MIME of a request body, which is base64 of it."""
    try:
        content = base64.b64decode(b"".join(body.split()), validate=True)
    except (ValueError, binascii.Error) as error:
        raise bad_request(
            "Invalid base64 string for MIME content.", "ErrorMimeContentInvalidBase64String"
        ) from error
    if b":" not in content.partition(b"\n")[0]:
        raise GraphError(400, "ErrorMimeContentInvalid", "The MIME content is invalid.")
    return content


class _Bounded(policy.EmailPolicy):
    """Refuses a header that would take long to read."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        has_parameters = sourcelines[0].lower().startswith("content-")
        largest = _LARGEST_PARAMETERS if has_parameters else _LARGEST_HEADER
        if sum(map(len, sourcelines)) > largest:
            raise ValueError("a header is too long")
        return super().header_source_parse(sourcelines)


_READING = cast("policy.EmailPolicy[EmailMessage]", _Bounded())


def read_mime(content: bytes, now: datetime) -> tuple[Record, list[Attachment]]:
    """The properties and attachments that a MIME message states."""
    try:
        mail = BytesParser(EmailMessage, policy=_READING).parsebytes(content)
        headers = (f"{name}: {value}\r\n" for name, value in mail.raw_items())
        if sum(map(len, headers)) > _LARGEST_HEADERS:
            raise ValueError("the headers are too long")
        return _properties(mail), [_attachment(part, now) for part in mail.iter_attachments()]
    except (MessageError, LookupError, ValueError, TypeError, AttributeError) as error:
        raise _invalid() from error
    except RecursionError:
        # Parts within parts, or comments within comments, hundreds deep.
        raise _invalid() from None


def _invalid() -> GraphError:
    return GraphError(400, "ErrorMimeContentInvalid", "The MIME content is invalid.")


def _properties(mail: EmailMessage) -> Record:
    found: Record = {"subject": str(mail["Subject"] or "")}
    for header, name in _FIELDS:
        people = [
            {"emailAddress": {"name": one.display_name or one.addr_spec, "address": one.addr_spec}}
            for one in getattr(mail[header], "addresses", ())
        ]
        if people:
            found[name] = people[0] if name in ("from", "sender") else people
    if mail["Message-ID"]:
        found["internetMessageId"] = str(mail["Message-ID"]).strip()
    if str(mail["Importance"] or "").lower() in ("low", "normal", "high"):
        found["importance"] = str(mail["Importance"]).lower()
    part = mail.get_body(("html", "plain"))
    if part is not None:
        html = part.get_content_type() == "text/html"
        content = str(part.get_content()).rstrip("\r\n")
        found["body"] = {"contentType": "html" if html else "text", "content": content}
    found["internetMessageHeaders"] = [
        {"name": name, "value": str(value)}
        for name, value in mail.items()
        if name.lower() not in _TAKEN
    ]
    return found


def _attachment(part: EmailMessage, now: datetime) -> Attachment:
    payload = part.get_payload(decode=True)
    return Attachment(
        new_key(),
        part.get_filename() or "attachment",
        part.get_content_type(),
        payload if isinstance(payload, bytes) else b"",
        now,
        part.get_content_disposition() == "inline",
        (part["Content-ID"] or "").strip("<> ") or None,
    )
