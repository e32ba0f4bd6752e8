"""`$search` on messages: the part of KQL that mail applications use, as a test on records."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from graphwright_sandbox.graph.errors import GraphError, bad_request
from graphwright_sandbox.graph.filter_binding import Predicate
from graphwright_sandbox.graph.markup import html_to_text
from graphwright_sandbox.graph.values import parse_instant

_TOKEN = re.compile(
    r'\s*(?:(?P<name>\w+)(?P<operator>:|>=|<=|>|<|=))?(?:"(?P<phrase>[^"]*)"|(?P<bracket>[()])'
    r'|(?P<word>[^\s()"]+))\s*'
)
_ADDRESSES: dict[str, tuple[str, ...]] = {
    "from": ("from",),
    "to": ("toRecipients",),
    "cc": ("ccRecipients",),
    "bcc": ("bccRecipients",),
    "recipients": ("toRecipients", "ccRecipients", "bccRecipients"),
    "participants": ("from", "toRecipients", "ccRecipients", "bccRecipients"),
}
_DATES = {"received": "receivedDateTime", "sent": "sentDateTime"}
_FLAGS = {"hasattachments": "hasAttachments", "hasattachment": "hasAttachments", "isread": "isRead"}
_KINDS = frozenset({"subject", "body", "importance", "kind", "attachment"})


def parse_search(text: str) -> Predicate:
    """The test that a `$search` states; refuses what is no KQL."""
    quoted = len(text) >= 2 and text[0] == '"' and text[-1] == '"'
    inner = text[1:-1].replace('\\"', '"') if quoted else text
    tokens = []
    position = 0
    while position < len(inner):
        match = _TOKEN.match(inner, position)
        if match is None:
            raise _refused(text)
        tokens.append(match)
        position = match.end()
    if not tokens:
        raise _refused(text)
    return _Parser(tokens, text).parse()


def _refused(text: str) -> GraphError:
    return bad_request(f"Syntax error in the $search query option: '{text[:200]}'.")


class _Parser:
    def __init__(self, tokens: list[re.Match[str]], text: str) -> None:
        self._tokens = tokens
        self._text = text
        self._at = 0
        self._depth = 0

    def _peek(self) -> re.Match[str] | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _keyword(self, *words: str) -> bool:
        token = self._peek()
        if token is None or token["name"] or token["phrase"] is not None:
            return False
        if (token["word"] or token["bracket"]) in words:
            self._at += 1
            return True
        return False

    def parse(self) -> Predicate:
        test = self._or()
        if self._peek() is not None:
            raise _refused(self._text)
        return test

    def _or(self) -> Predicate:
        self._depth += 1
        if self._depth > 20:
            raise bad_request("The $search query option is nested too deeply.")
        tests = [self._and()]
        while self._keyword("OR"):
            tests.append(self._and())
        self._depth -= 1
        return lambda record: any(test(record) for test in tests)

    def _and(self) -> Predicate:
        tests = [self._one()]
        while True:
            self._keyword("AND")
            token = self._peek()
            if token is None or token["bracket"] == ")" or token["word"] == "OR":
                break
            tests.append(self._one())
        return lambda record: all(test(record) for test in tests)

    def _one(self) -> Predicate:
        negated = self._keyword("NOT")
        if self._keyword("("):
            test = self._or()
            if not self._keyword(")"):
                raise _refused(self._text)
        else:
            token = self._peek()
            if token is None or token["bracket"]:
                raise _refused(self._text)
            self._at += 1
            test = _term(token, self._text)
        return (lambda record: not test(record)) if negated else test


def _term(token: re.Match[str], text: str) -> Predicate:
    value = token["phrase"] if token["phrase"] is not None else token["word"]
    name = (token["name"] or "").lower()
    if not name:
        return _words(value, _everything)
    if name in _ADDRESSES:
        fields = _ADDRESSES[name]
        return _words(value, lambda record: " ".join(_people(record, fields)))
    if name in _DATES:
        return _dated(_DATES[name], token["operator"], value, text)
    if name in _FLAGS:
        wanted = value.lower() in ("true", "yes", "1")
        return lambda record: record[_FLAGS[name]] is wanted
    if name not in _KINDS:
        raise bad_request(f"Unknown property '{name}' in the $search query option.")
    if name == "kind":
        return lambda record: value.lower() in ("email", "mail")
    if name == "importance":
        return lambda record: str(record["importance"]) == value.lower()
    if name == "attachment":
        return _words(value, lambda record: " ".join(record.get("_attachments", ())))
    if name == "body":
        return _words(value, _body)
    return _words(value, lambda record: str(record["subject"]))


def _body(record: Mapping[str, Any]) -> str:
    body = record["body"]
    content = str(body.get("content") or "")
    return html_to_text(content) if body.get("contentType") == "html" else content


def _people(record: Mapping[str, Any], fields: tuple[str, ...]) -> list[str]:
    found = []
    for name in fields:
        value = record[name]
        for recipient in value if isinstance(value, list) else [value or {}]:
            email = recipient.get("emailAddress") or {}
            found += [str(email.get("name") or ""), str(email.get("address") or "")]
    return found


def _everything(record: Mapping[str, Any]) -> str:
    return " ".join((str(record["subject"]), _body(record), *_people(record, ("from",))))


def _words(value: str, read: Callable[[Mapping[str, Any]], str]) -> Predicate:
    """The phrase stands in the text, beginning at the beginning of a word."""
    wanted = value.rstrip("*").casefold()
    pattern = re.compile(rf"(?<!\w){re.escape(wanted)}")
    return lambda record: pattern.search(read(record).casefold()) is not None


def _dated(field: str, operator: str, value: str, text: str) -> Predicate:
    try:
        first_text, dots, last_text = value.partition("..")
        first = parse_instant(first_text)
        last = parse_instant(last_text if dots else first_text)
        # A day without a time means the whole day.
        after = last + timedelta(days=1 if len(last_text if dots else first_text) == 10 else 0)
    except (ValueError, OverflowError) as error:
        raise _refused(text) from error

    def test(record: Mapping[str, Any]) -> bool:
        moment = parse_instant(record[field])
        if operator == ">=":
            return moment >= first
        if operator == ">":
            return moment >= after
        if operator == "<=":
            return moment < after
        if operator == "<":
            return moment < first
        return first <= moment < after

    return test
