"""One request with its answer: headers, bodies, the permission check explained, a curl command.

It must not know where the request is kept.
"""

from __future__ import annotations

import base64
import shlex
import zlib
from collections.abc import Iterable
from html import escape
from http import HTTPStatus
from urllib.parse import parse_qs, unquote

from graphwright_sandbox.inspector import Body, Exchange, Headers
from graphwright_sandbox.masking import MASK, mask_body, mask_query, mask_text, mask_url
from graphwright_sandbox.pages.console.frame import badge, copy_button, fact

_MAXIMUM_UNPACKED = 512 * 1024
_ADDRESSES = ("location", "referer", "content-location")
# What curl says itself, or what belongs to the connection alone.
_NOT_REPEATED = (
    "host", "content-length", "connection", "accept-encoding", "transfer-encoding", "cookie",
    "user-agent", "expect",
)  # fmt: skip


def request_view(exchange: Exchange, *, app: str, person: str, ca_file: str) -> str:
    """The whole view as HTML."""
    command = to_curl(exchange, ca_file)
    return f"""<h1 class="path"><b>{escape(exchange.method)}</b> {escape(unquote(exchange.path))}</h1>
<section class="card"><h2>What happened</h2><dl class="facts">
{_summary(exchange, app, person)}</dl></section>
{_check(exchange)}{_parts(exchange)}{_saml_request(exchange)}
<section class="card"><h2>Request</h2>{_message(exchange.request_headers, exchange.request_body)}
</section>
<section class="card"><h2>Response</h2>{_message(exchange.response_headers, exchange.response_body)}
</section>
<section class="card"><h2>Send it again</h2><p>Credentials are not in it: put a token into
<code>TOKEN</code>, and other secrets where they are masked.</p>
<div class="snippet">{copy_button(command, "the curl command")}
<pre tabindex="0">{escape(command)}</pre></div></section>"""


def to_curl(exchange: Exchange, ca_file: str) -> str:
    """The request as a command for a shell, its credentials by name only."""
    host = dict(exchange.request_headers).get(b"host", b"localhost").decode("latin-1")
    origin = f"{exchange.scheme}://{host}"
    query = mask_query(exchange.query)
    url = f"{origin}{exchange.path}{f'?{query}' if query else ''}"
    lines = ["curl"]
    if exchange.scheme == "https":
        lines[0] += f" --cacert {shlex.quote(ca_file)}"
    lines[0] += f" -X {shlex.quote(exchange.method)} {shlex.quote(url)}"
    for name, value in _readable(exchange.request_headers):
        if name == "authorization":
            scheme = value.partition(" ")[0] if " " in value else "Bearer"
            # In double quotes, for the shell fills in the variable.
            lines.append(f'-H "Authorization: {_plain(scheme)} $TOKEN"')
        elif name not in _NOT_REPEATED:
            lines.append(f"-H {shlex.quote(f'{name}: {value}')}")
    body = _shown(exchange.request_headers, exchange.request_body)
    if body:
        one_line = body.replace("\n&", "&")
        lines.append(f"--data-raw {shlex.quote(one_line)}")
    return " \\\n  ".join(lines)


def _plain(scheme: str) -> str:
    return scheme if scheme.isalnum() else "Bearer"


def _summary(exchange: Exchange, app: str, person: str) -> str:
    facts = [fact("Answer", _answer(exchange))]
    if exchange.code or exchange.reason:
        facts.append(
            fact(
                "Why",
                f"<strong>{escape(exchange.code or '')}</strong> "
                f"{escape(mask_text(exchange.reason or ''))}",
            )
        )
    facts += [fact("Note", escape(mask_text(note))) for note in exchange.notes]
    if app:
        facts.append(
            fact("Application", f"{escape(app)} <code>{escape(exchange.app_id or '')}</code>")
        )
    if person:
        facts.append(fact("As", f"<bdi>{escape(person)}</bdi>"))
    elif exchange.wanted is not None:
        facts.append(fact("As", "the application itself"))
    if exchange.at:
        facts.append(fact("When", f"{exchange.at:%Y-%m-%d %H:%M:%S} UTC"))
    if exchange.milliseconds is not None:
        facts.append(fact("Duration", f"{exchange.milliseconds:.1f} ms"))
    for number, pair in enumerate(exchange.query.split("&") if exchange.query else ()):
        title = "Query" if number == 0 else ""
        facts.append(fact(title, f"<code>{escape(unquote(mask_query(pair)))}</code>"))
    return "".join(facts)


def _answer(exchange: Exchange) -> str:
    if exchange.status is None:
        under_way = exchange.milliseconds is None
        return badge("under way") if under_way else badge("no answer", "bad")
    try:
        phrase = HTTPStatus(exchange.status).phrase
    except ValueError:
        phrase = ""
    text = f'<span class="badge s{exchange.status // 100}">{exchange.status} {phrase}</span>'
    ended = exchange.milliseconds is not None and not exchange.complete
    return f"{text} {badge('broken off', 'bad')}" if ended else text


def _check(exchange: Exchange) -> str:
    if exchange.wanted is None:
        return ""
    whose = "delegated permissions" if exchange.user_id else "application permissions"
    if exchange.granted:
        verdict = f"Allowed by <code>{escape(exchange.granted)}</code>."
    elif not exchange.wanted:
        verdict = f"Refused: no {whose} allow this operation."
    elif exchange.code:
        verdict = "Refused: the token carries none of those that the operation needs."
    else:
        verdict = ""
    return f"""<section class="card"><h2>Permission check</h2>
<p>{verdict}</p><dl class="facts">
{fact("Operation", f"<code>{escape(exchange.operation or '')}</code>")}
{fact("Needs one of", _chips(exchange.wanted, exchange.held))}
{fact("The token carries", _chips(sorted(exchange.held), frozenset(exchange.wanted)))}
</dl></section>"""


def _parts(exchange: Exchange) -> str:
    if not exchange.parts:
        return ""
    rows = "".join(map(_part, exchange.parts))
    return f"""<section class="card"><h2>Requests of the batch</h2>
<div class="scroll"><table class="cards"><thead><tr><th scope="col">Request</th>
<th scope="col">Status</th><th scope="col">Permission</th></tr></thead><tbody>{rows}</tbody>
</table></div></section>"""


def _part(part: Exchange) -> str:
    why = f"<span>{escape(part.code)}</span>" if part.code else ""
    query = f"<span>?{escape(mask_query(part.query))}</span>" if part.query else ""
    permission = f"<code>{escape(part.granted)}</code>" if part.granted else ""
    if part.wanted is not None and not part.granted:
        permission = f"needs one of {_chips(part.wanted, part.held)}"
    return f"""<tr><td data-title="Request"><b>{escape(part.method)}</b> {escape(part.path)}{query}
</td><td data-title="Status"><span class="badge s{(part.status or 0) // 100}">{part.status}</span>
{why}</td><td data-title="Permission">{permission}</td></tr>"""


def _saml_request(exchange: Exchange) -> str:
    """The XML that a browser carries packed: what the service provider asked for."""
    carrier = exchange.query or bytes(exchange.request_body.kept).decode("latin-1")
    if "SAMLRequest=" not in carrier:
        return ""
    try:
        packed = parse_qs(carrier, max_num_fields=50)["SAMLRequest"][0]
        xml = base64.b64decode(packed)
        if not xml.lstrip().startswith(b"<"):
            xml = zlib.decompressobj(-zlib.MAX_WBITS).decompress(xml, _MAXIMUM_UNPACKED)
    except (ValueError, KeyError, zlib.error):
        return ""
    text = mask_text(xml.decode("utf-8", "replace")).replace("><", ">\n<")
    return f"""<section class="card"><h2>SAML request</h2>
<pre tabindex="0">{escape(text)}</pre></section>"""


def _chips(names: Iterable[str], matching: frozenset[str]) -> str:
    chips = [badge(name, "good" if name in matching else "") for name in names]
    return " ".join(chips) or "none"


def _message(headers: Headers, body: Body) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td><code>{escape(value)}</code></td></tr>'
        for name, value in _readable(headers)
    )
    parts = [f'<div class="scroll"><table class="headers"><tbody>{rows}</tbody></table></div>']
    if not rows:
        parts = ["<p>Nothing was sent.</p>"]
    shown = _shown(headers, body)
    if shown:
        parts.append(f'<pre tabindex="0">{escape(shown)}</pre>')
    if not body.is_whole:
        parts.append(f"<p>{len(body.kept):,} of {body.size:,} bytes were kept.</p>")
    return "".join(parts)


def _readable(headers: Headers) -> list[tuple[str, str]]:
    decoded = [
        (name.decode("latin-1").lower(), value.decode("utf-8", "replace"))
        for name, value in headers
    ]
    return [
        (name, mask_url(value) if name in _ADDRESSES else mask_text(value))
        for name, value in decoded
    ]


def _shown(headers: Headers, body: Body) -> str:
    values = dict(_readable(headers))
    data = bytes(body.kept)
    if values.get("content-encoding") == "gzip":
        data = _unpack(data)
    return mask_body(data, values.get("content-type", ""))


def _unpack(data: bytes) -> bytes:
    """The beginning of what was packed; what cannot be unpacked is told by its size."""
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, _MAXIMUM_UNPACKED)
    except zlib.error:
        return MASK.encode()
