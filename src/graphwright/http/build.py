"""Builds the call of a request: definition and values in, a call out. Pure; sends nothing.

No value can change what the request is: URLs and queries are put together by `url`, headers refuse
line breaks, JSON bodies are trees whose leaves are filled in.
"""

import html
import json
import re
from typing import NoReturn
from urllib.parse import urlencode

from graphwright.expressions import Expression, compile_template, text_of
from graphwright.http.call import IDEMPOTENT_METHODS, Authentication, Call, creates_event_once
from graphwright.http.definition import (
    BasicAuthentication,
    CertificateAuthentication,
    OAuth2Authentication,
    QueryValue,
    RequestBody,
    RequestDefinition,
)
from graphwright.http.errors import InvalidRequest
from graphwright.http.hosts import canonical_url, check_profile_host, check_scheme
from graphwright.http.ports import ProfilesShape
from graphwright.http.url import (
    UrlTemplate,
    encode_query,
    parse_url,
    query_values,
    render_query_value,
)
from graphwright.kernel.errors import Place
from graphwright.kernel.values import JsonValue, Scope

_HEADER_VALUE = re.compile(r"^[\t\x20-\x7e]*$")
_MARKUP_TYPE = re.compile(r"^(text/html|[\w.-]+/([\w.-]+\+)?xml)\b", re.IGNORECASE)
_HALF = "The body holds half a character (a lone surrogate)."


def build_call(
    definition: RequestDefinition,
    scope: Scope,
    *,
    profiles: ProfilesShape,
    principal_id: str | None,
    account: str | None = None,
) -> Call:
    """The call for these values; `InvalidRequest` or `HostRefused` where there cannot be one."""
    template = parse_url(definition.url)
    authentication = definition.authentication
    profile = None
    by_user = False
    if isinstance(authentication, OAuth2Authentication):
        profile = profiles.definition(authentication.profile)
        by_user = str(profile.flavour) == "user"
    if template.origin is not None:
        base = template.origin
    elif profile is not None:
        base = str(profile.base_url(definition.api)).rstrip("/")
    else:
        _refuse("The URL is relative and no profile says to what.", "Write https://…", "url")
    query = _build_query(definition, template, scope, odata=profile is not None)
    url = canonical_url(base + template.render_path(scope) + (f"?{query}" if query else ""))
    check_scheme(url, allow_http=True)
    if isinstance(authentication, OAuth2Authentication) and profile is not None:
        check_profile_host(url, authentication.profile, profile)
    headers = _build_headers(definition, scope)
    body, tree = None, None
    if definition.body is not None:
        body, tree, headers["Content-Type"] = _build_body(definition.body, scope)
    return Call(
        method=definition.method,
        url=url,
        headers=headers,
        body=body,
        authentication=_resolve(definition),
        profile=authentication.profile
        if isinstance(authentication, OAuth2Authentication)
        else None,
        principal_id=principal_id if by_user else None,
        account=account if by_user else None,
        idempotent=definition.method in IDEMPOTENT_METHODS
        or creates_event_once(definition.method, url, tree),
        path_template=template.path_template,
        timeout=definition.timeout,
        paged=definition.paged,
    )


def _resolve(definition: RequestDefinition) -> Authentication:
    given = definition.authentication
    if isinstance(given, BasicAuthentication):
        return Authentication("basic", given.username, given.password.secret)
    if isinstance(given, CertificateAuthentication):
        return Authentication(
            given.type,
            certificate_secret=given.certificate.secret,
            passphrase_secret=given.passphrase.secret if given.passphrase else None,
        )
    return Authentication(given.type)


def _build_query(
    definition: RequestDefinition, template: UrlTemplate, scope: Scope, *, odata: bool
) -> str:
    pairs: list[tuple[str, str]] = []
    for name, parts in template.query:
        pairs += [(name, v) for v in render_query_value(name, parts, scope, odata=odata)]
    for name, value in definition.query_pairs():
        pairs += [(name, text) for text in _values_of(name, value, scope, odata=odata)]
    return encode_query(pairs)


def _values_of(name: str, value: QueryValue, scope: Scope, *, odata: bool) -> list[str]:
    if isinstance(value, str):
        return render_query_value(name, compile_template(value).parts, scope, odata=odata)
    if isinstance(value, list):
        texts = [text for item in value for text in _values_of(name, item, scope, odata=odata)]
        return query_values(name, texts)
    return query_values(name, value)


def _build_headers(definition: RequestDefinition, scope: Scope) -> dict[str, str]:
    headers = {}
    for name, template in definition.headers.items():
        value = compile_template(template).render(scope)
        if value is None:
            continue
        if isinstance(value, dict | list):
            _refuse(f"The value of the header {name} is no text.", "", f"headers.{name}")
        text = text_of(value).strip()
        if not _HEADER_VALUE.fullmatch(text):
            _refuse(
                f"The value of the header {name} holds a line break or a character that headers "
                "cannot hold.",
                "A header is one line of ASCII; encode the value, as with $encodeUrlComponent.",
                f"headers.{name}",
            )
        headers[name] = text
    return headers


def _build_body(body: RequestBody, scope: Scope) -> tuple[bytes, JsonValue, str]:
    if body.kind == "file":
        _refuse("A file is sent by a flow: here there is none.", "", "body.file")
    if body.kind == "form":
        pairs = [
            (name, text)
            for name, value in (body.form or {}).items()
            for text in _form_values(name, value, scope)
        ]
        try:
            text = urlencode(pairs)
        except UnicodeEncodeError as error:
            raise InvalidRequest(_HALF, place=Place(field="body.form")) from error
        return text.encode("ascii"), None, "application/x-www-form-urlencoded"
    if body.kind == "text":
        kind = body.content_type or "text/plain"
        text = _render_text(body.text or "", scope, markup=bool(_MARKUP_TYPE.match(kind)))
        return _encode(text, "text"), None, kind if "charset" in kind else f"{kind}; charset=utf-8"
    tree = _render_tree(body.json_tree, scope)
    try:
        text = json.dumps(tree, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidRequest(
            "The body holds a value that JSON cannot hold.", place=Place(field="body.json")
        ) from error
    return _encode(text, "json"), tree, body.content_type or "application/json"


def _form_values(name: str, value: QueryValue, scope: Scope) -> list[str]:
    rendered = compile_template(value).render(scope)
    items = rendered if isinstance(rendered, list) else [rendered]
    if any(isinstance(item, dict | list) for item in items):
        _refuse(f"The value of the field {name} is no text.", "", f"body.form.{name}")
    return [text_of(item) for item in items if item is not None]


def _render_tree(tree: JsonValue, scope: Scope) -> JsonValue:
    """Fills the leaves of a JSON tree; markup stays markup only where it was written."""
    if isinstance(tree, dict):
        is_html = str(tree.get("contentType")).lower() == "html"
        return {
            key: _render_text(item, scope, markup=True)
            if is_html and key == "content" and _is_mixed(item)
            else _render_tree(item, scope)
            for key, item in tree.items()
        }
    if isinstance(tree, list):
        return [_render_tree(item, scope) for item in tree]
    return compile_template(tree).render(scope)


def _is_mixed(value: JsonValue) -> bool:
    return isinstance(value, str) and len(compile_template(value).parts) > 1


def _render_text(text: str, scope: Scope, *, markup: bool) -> str:
    rendered = ""
    for part in compile_template(text).parts:
        if isinstance(part, Expression):
            value = text_of(part.evaluate(scope), part)
            rendered += html.escape(value) if markup else value
        else:
            rendered += part
    return rendered


def _encode(text: str, kind: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidRequest(_HALF, place=Place(field=f"body.{kind}")) from error


def _refuse(message: str, hint: str, field: str) -> NoReturn:
    raise InvalidRequest(message, hint=hint, place=Place(field=field))
