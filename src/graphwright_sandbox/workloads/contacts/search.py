"""`$search` on contacts: words and `property:words`, and what Exchange refuses to combine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from graphwright_sandbox.graph.errors import bad_request
from graphwright_sandbox.graph.filter_binding import Predicate
from graphwright_sandbox.graph.query import check_search_alone
from graphwright_sandbox.graph.request import GraphRequest

_TERM = re.compile(r'(?:(?P<name>\w+):)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_PROPERTIES = {
    name.lower(): name
    for name in (
        "displayName givenName surname middleName nickName companyName department jobTitle "
        "officeLocation fileAs personalNotes profession"
    ).split()
}


def read_search(request: GraphRequest) -> Predicate | None:
    """The test that `$search` states: every term has to be found."""
    options = request.options
    if options.search is None:
        return None
    check_search_alone(options)
    text = options.search
    if len(text) >= 2 and text[0] == text[-1] == '"':
        text = text[1:-1].replace('\\"', '"')
    tests = [_term(match, text) for match in _TERM.finditer(text)]
    if not tests or _TERM.sub("", text).strip():
        raise bad_request(f"Syntax error in the $search query option: '{text[:200]}'.")
    return lambda record: all(test(record) for test in tests)


def _term(match: re.Match[str], text: str) -> Predicate:
    wanted = _words(match["phrase"] if match["phrase"] is not None else match["word"])
    name = (match["name"] or "").lower()
    if name and name not in _PROPERTIES and name not in ("email", "emailaddresses"):
        raise bad_request(f"Syntax error in the $search query option: '{text[:200]}'.")

    def test(record: Mapping[str, Any]) -> bool:
        if name in _PROPERTIES:
            found = [record[_PROPERTIES[name]]]
        else:
            found = [one["address"] for one in record["emailAddresses"]]
            if not name:
                found += [record[prop] for prop in _PROPERTIES.values()]
        words = _words(" ".join(filter(None, found)))
        return all(any(word.startswith(part) for word in words) for part in wanted)

    return test


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[^\w']+", text.casefold()) if word]
