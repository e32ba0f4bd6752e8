"""Responses: what a server's bytes mean. Pure."""

import re
from dataclasses import dataclass, field
from email.message import Message

import msgspec

from graphwright.http.errors import ResponseInvalid
from graphwright.kernel.values import JsonValue

_JSON_TYPE = re.compile(r"^(application|text)/([\w.+-]*\+)?json$")
_TEXT_TYPE = re.compile(r"^(text/.*|application/([\w.-]*\+)?xml)$")
_CHARSET = re.compile(r"charset\s*=\s*\"?([\w.-]+)")
_DECODER = msgspec.json.Decoder()


@dataclass(frozen=True, slots=True)
class Response:
    """What came back. A paged collection's body is a `CollectionHandle`."""

    status: int
    headers: dict[str, str] = field(repr=False)
    """Names in lower case."""
    body: JsonValue = field(repr=False)
    """A JSON value, text, bytes, None where there is none, or a `CollectionHandle`."""
    url: str = field(repr=False)
    request_id: str | None = None
    retries: int = 0
    waited: float = 0.0
    size: int = 0

    def json(self) -> JsonValue:
        """The body where it is JSON; `ResponseInvalid` where it is text, bytes or nothing."""
        if self.body is None or not (is_json(self.headers) or not self.media_type):
            raise not_json(self.status, self.media_type, self.request_id)
        return self.body

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case."""
        return media_type(self.headers)


class BodyInvalid(Exception):
    """The bytes are not what the content type says."""


def media_type(headers: dict[str, str]) -> str:
    """The content type without its parameters, in lower case."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def name_of(headers: dict[str, str]) -> str:
    """The name that the server gives a file (RFC 6266), without folders; "" where it gives none."""
    message = Message()
    message["content-disposition"] = headers.get("content-disposition", "")
    name = message.get_filename("")
    return name.replace("\\", "/").rpartition("/")[2]


def is_json(headers: dict[str, str]) -> bool:
    """Whether the headers say that the body is JSON."""
    return _JSON_TYPE.match(media_type(headers)) is not None


def read_body(status: int, headers: dict[str, str], content: bytes) -> JsonValue:
    """The body as JSON value, text or bytes, by its content type; None where there is none."""
    if status in (204, 205, 304) or (not content and not is_json(headers)):
        return None
    if is_json(headers):
        if not content and (status == 202 or headers.get("content-length") == "0"):
            return None
        try:
            return _DECODER.decode(content.removeprefix(b"\xef\xbb\xbf"))
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise BodyInvalid from error
    if _TEXT_TYPE.match(media_type(headers)):
        match = _CHARSET.search(headers.get("content-type", "").lower())
        try:
            return content.decode(match.group(1) if match else "utf-8", "replace")
        except LookupError:
            return content.decode("utf-8", "replace")
    return content


def not_json(status: int, kind: str, request_id: str | None) -> ResponseInvalid:
    """The error for a reader that needs JSON and got something else."""
    what = kind or "nothing that says what it is"
    return ResponseInvalid(
        f"The server sent a response that is no JSON but {what}.",
        hint="Look at the URL: it may lead to a page for people, or to a file.",
        status=status,
        request_id=request_id,
    )
