"""SAML messages as a browser brings them: decoded, within bounds, parsed without surprises.

No message may declare a document type: so no entity is ever defined, expanded or fetched. It must
not know what a message asks for, nor whether its signature is good.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from lxml import etree
from starlette.requests import Request

from graphwright_sandbox.entra.errors import EntraError
from graphwright_sandbox.saml.errors import SamlError
from graphwright_sandbox.saml.names import SAML, SAMLP

MAXIMUM_BODY = 256 * 1024
MAXIMUM_XML = 256 * 1024
_NAMES = ("SAMLRequest", "SAMLResponse")
_MAXIMUM_FIELDS = 50


@dataclass(frozen=True, slots=True)
class Message:
    """A message and what it came with."""

    root: Any
    """The document element, an lxml element."""
    is_redirect: bool
    relay_state: str | None
    signed_query: bytes = b""
    """Of the redirect binding: what the signature was made of, as it was sent."""
    algorithm: str | None = None
    signature: str | None = None

    @property
    def kind(self) -> str:
        """The local name of the message; "" where it is none of SAML's protocol."""
        name = etree.QName(self.root)
        return str(name.localname) if name.namespace == SAMLP else ""

    @property
    def id(self) -> str:
        return str(self.root.get("ID") or "")

    @property
    def issuer(self) -> str:
        return self.text_of("Issuer")

    def text_of(self, name: str, namespace: str = SAML) -> str:
        """The text of a child; "" where there is none."""
        return str(self.root.findtext(f"{{{namespace}}}{name}") or "").strip()


async def read_message(request: Request) -> Message:
    """The message of a request of either binding; a SamlError says what is wrong with it."""
    if request.method == "GET":
        return _read_redirect(str(request.url.query))
    fields = _read_fields(await _read_body(request))
    text = _take(fields)
    return Message(parse(_decode(text)), False, fields.get("RelayState"))


def parse(xml: bytes) -> Any:
    """The document element of a message."""
    if len(xml) > MAXIMUM_XML:
        raise SamlError(75005)
    try:
        text = xml.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SamlError(75005) from None
    # Known to be UTF-8 from here on, so that these few letters cannot hide in another encoding.
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise SamlError(75005)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        # A comment in the middle of a name would hide the rest of it from a careless reader.
        remove_comments=True,
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        line, position = error.position
        raise SamlError(7500525, line=str(line), position=str(position)) from None


def _read_redirect(query: str) -> Message:
    # The signature is over the parameters as they were encoded, so they are kept so.
    raw: dict[str, str] = {}
    for part in query.split("&")[:_MAXIMUM_FIELDS]:
        name, _, value = part.partition("=")
        if name in raw:
            raise EntraError(9000411, field=name[:120])
        raw[name] = value
    fields = {name: unquote_plus(value) for name, value in raw.items()}
    text = _take(fields)
    signed = [f"{one}={raw[one]}" for one in (*_NAMES, "RelayState", "SigAlg") if one in raw]
    return Message(
        parse(_inflate(_decode(text))),
        True,
        fields.get("RelayState"),
        "&".join(signed).encode("ascii", "replace"),
        fields.get("SigAlg"),
        fields.get("Signature"),
    )


def _take(fields: dict[str, str]) -> str:
    found = [fields[name] for name in _NAMES if fields.get(name)]
    if not found:
        raise SamlError(750054)
    if len(found) > 1:
        raise SamlError(75005)
    return found[0]


async def _read_body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAXIMUM_BODY:
            raise SamlError(75005)
    return bytes(body)


def _read_fields(body: bytes) -> dict[str, str]:
    # Not as other forms are read: the base64 of a posted message may have line ends in it.
    try:
        pairs = parse_qsl(body.decode("ascii"), errors="strict", max_num_fields=_MAXIMUM_FIELDS)
    except ValueError:
        raise SamlError(75001) from None
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise EntraError(9000411, field="SAMLRequest")
    return fields


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise SamlError(75001) from None


def _inflate(data: bytes) -> bytes:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        xml = inflater.decompress(data, MAXIMUM_XML + 1)
    except zlib.error:
        raise SamlError(75001) from None
    if not inflater.eof and len(xml) <= MAXIMUM_XML:
        raise SamlError(75001)
    return xml
