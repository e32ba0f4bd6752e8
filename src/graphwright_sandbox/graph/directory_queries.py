"""Which queries the directory answers, and which only as advanced queries.

An advanced query carries `ConsistencyLevel: eventual` and `$count=true`; the rules follow the
documentation of directory objects.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from graphwright_sandbox.graph.directory_errors import denied
from graphwright_sandbox.graph.directory_types import GROUP, MEMBER, USER
from graphwright_sandbox.graph.edm import StructuredType
from graphwright_sandbox.graph.errors import bad_request, unsupported_query
from graphwright_sandbox.graph.filter_binding import Predicate
from graphwright_sandbox.graph.filter_syntax import (
    Call,
    Comparison,
    In,
    Logical,
    Node,
    Not,
    Path,
    Quantifier,
    parse_filter,
)
from graphwright_sandbox.graph.presentation import bound_filter
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.request import GraphRequest


@dataclass(frozen=True, slots=True)
class QueryRules:
    """Which properties of one type can be asked for, and in which kind of query."""

    type: StructuredType
    filterable: frozenset[str]
    advanced_only: frozenset[str]
    sortable: frozenset[str]
    sortable_advanced: frozenset[str]
    searchable: frozenset[str]


USER_RULES = QueryRules(
    USER,
    filterable=frozenset(
        """accountEnabled assignedLicenses assignedPlans businessPhones city companyName country
        createdDateTime creationType deletedDateTime department displayName employeeHireDate
        employeeId employeeOrgData employeeType externalUserState faxNumber givenName id identities
        imAddresses jobTitle mail mailNickname mobilePhone officeLocation onPremisesImmutableId
        onPremisesSamAccountName onPremisesSyncEnabled otherMails passwordPolicies postalCode
        preferredLanguage proxyAddresses showInAddressList state streetAddress surname
        usageLocation userPrincipalName userType""".split()
    ),
    advanced_only=frozenset({"mobilePhone", "officeLocation", "employeeHireDate", "faxNumber"}),
    sortable=frozenset({"displayName", "userPrincipalName"}),
    sortable_advanced=frozenset(
        """city companyName country createdDateTime department employeeId givenName jobTitle mail
        mailNickname officeLocation surname userType""".split()
    ),
    searchable=frozenset(
        """displayName mail userPrincipalName givenName surname mailNickname jobTitle department
        officeLocation""".split()
    ),
)
GROUP_RULES = QueryRules(
    GROUP,
    filterable=frozenset(
        """assignedLicenses classification createdDateTime description displayName
        expirationDateTime groupTypes hasMembersWithLicenseErrors id isAssignableToRole
        licenseProcessingState mail mailEnabled mailNickname membershipRuleProcessingState
        onPremisesLastSyncDateTime onPremisesSecurityIdentifier onPremisesSyncEnabled
        preferredLanguage proxyAddresses renewedDateTime resourceProvisioningOptions
        securityEnabled uniqueName visibility deletedDateTime""".split()
    ),
    advanced_only=frozenset({"description", "visibility"}),
    sortable=frozenset({"displayName"}),
    sortable_advanced=frozenset(
        {"createdDateTime", "mail", "mailNickname", "renewedDateTime", "expirationDateTime"}
    ),
    searchable=frozenset({"displayName", "description", "mail", "mailNickname"}),
)
MEMBER_RULES = QueryRules(
    MEMBER,
    filterable=USER_RULES.filterable | GROUP_RULES.filterable,
    # Whatever is reached from another object is answered by the advanced engine alone.
    advanced_only=(USER_RULES.filterable | GROUP_RULES.filterable) - {"id"},
    sortable=frozenset(),
    sortable_advanced=frozenset({"displayName"}),
    searchable=frozenset({"displayName", "description", "mail"}),
)
_MAXIMUM_ALTERNATIVES = 15
_REFER = "Refer to https://aka.ms/graph-docs/advanced-queries for more information"
_CLAUSE = re.compile(
    r'\s*(?:"(?P<name>\w+):(?P<text>(?:[^"\\]|\\.)*)"|(?P<word>AND|OR|\(|\)))\s*', re.IGNORECASE
)


def check_query(
    request: GraphRequest, rules: QueryRules, hidden: frozenset[str] = frozenset()
) -> None:
    """Refuses what the directory would refuse, in its words.

    `hidden` are properties that the granted permission does not show: nor can they be asked for.
    """
    options, rules = request.options, _extended(request, rules)
    bound = bound_filter(request, rules.type)
    asked = {*(bound.properties if bound else ()), *_sorted_by(options, rules)}
    if asked & hidden:
        raise denied("User.Read.All" if rules.type.is_a(USER) else "Group.Read.All")
    advanced = request.advanced and (options.count or options.search is not None)
    if options.filter is not None:
        _check_filter(rules, parse_filter(options.filter), advanced)
    if options.search is not None and not request.advanced:
        raise unsupported_query(
            "Request with $search query parameter only works through MSGraph with a special "
            "request header: 'ConsistencyLevel: eventual'"
        )
    if len(options.expand) > 1:
        raise unsupported_query("Only one property can be expanded in a query.")
    _check_order(rules, options, advanced)


def _extended(request: GraphRequest, rules: QueryRules) -> QueryRules:
    """The rules of the type as the tenant extended it: extensions can be filtered by."""
    declared = request.schema.extended(rules.type)
    if declared is rules.type:
        return rules
    return replace(rules, type=declared, filterable=rules.filterable | frozenset(declared.own))


def _sorted_by(options: QueryOptions, rules: QueryRules) -> list[str]:
    found = (rules.type.find(order.path[0]) for order in options.orderby)
    return [prop.name for prop in found if prop is not None]


def _check_order(rules: QueryRules, options: QueryOptions, advanced: bool) -> None:
    for order in options.orderby:
        prop = rules.type.find(order.path[0])
        name = prop.name if prop else order.path[0]
        if prop is not None and name not in rules.sortable | rules.sortable_advanced:
            raise unsupported_query("Sorting not supported for current query.")
        if not advanced and (options.filter is not None or name in rules.sortable_advanced):
            raise unsupported_query("Sorting not supported for current query.")


def _alternatives(node: Node) -> int:
    """How many clauses a chain of `or` (or an `in`) has."""
    if isinstance(node, Logical) and node.operator == "or":
        return _alternatives(node.left) + _alternatives(node.right)
    return len(node.options) if isinstance(node, In) else 1


def _check_alternatives(node: Node) -> None:
    if (clauses := _alternatives(node)) > _MAXIMUM_ALTERNATIVES:
        raise unsupported_query(
            "Too many child clauses specified in search filter expression containing 'OR' "
            f"operators: {clauses}. Max allowed: {_MAXIMUM_ALTERNATIVES}."
        )


def _check_filter(rules: QueryRules, node: Node, advanced: bool) -> None:
    _check_alternatives(node)
    match node:
        case Logical():
            _check_filter(rules, node.left, advanced)
            _check_filter(rules, node.right, advanced)
        case Not():
            _demand(advanced, "not")
            _check_filter(rules, node.operand, advanced)
        case Comparison():
            if node.operator == "ne":
                _demand(advanced, "ne")
            _check_filter(rules, node.left, advanced)
            _check_filter(rules, node.right, advanced)
        case In():
            _check_filter(rules, node.left, advanced)
        case Call():
            if node.name == "endswith":
                _demand(advanced, "endsWith")
            elif node.name != "startswith":
                raise unsupported_query("Unsupported Query.")
            for argument in node.arguments:
                _check_filter(rules, argument, advanced)
        case Quantifier():
            _check_path(rules, node.path, advanced)
        case Path():
            _check_path(rules, node, advanced)


def _demand(advanced: bool, operator: str) -> None:
    if not advanced:
        raise unsupported_query(
            f"Operator '{operator}' is not supported because the 'ConsistencyLevel:eventual' "
            f"header is missing. {_REFER}"
        )


def _check_path(rules: QueryRules, path: Path, advanced: bool) -> None:
    counted = path.segments[-1] == "$count"
    prop = rules.type.find(path.segments[0])
    # What an object leads to can be counted, and not looked into.
    followed = prop is None and rules.type.find_navigation(path.segments[0]) is not None
    if (counted and not advanced) or (followed and not counted):
        raise unsupported_query("Unsupported or invalid query filter clause specified.")
    if prop is None:
        return  # a range variable, or a name that binding refuses
    if prop.name not in rules.filterable or (prop.name in rules.advanced_only and not advanced):
        raise unsupported_query(
            f"Unsupported or invalid query filter clause specified for property '{prop.name}' "
            f"of resource '{rules.type.name[0].upper()}{rules.type.name[1:]}'."
        )


def parse_search(text: str, rules: QueryRules) -> Predicate:
    """`"displayName:wa" AND ("mail:x" OR …)`: the test that `$search` of the directory states."""
    tokens = []
    position = 0
    while position < len(text):
        match = _CLAUSE.match(text, position)
        if match is None:
            raise bad_request(
                f"Syntax error: character '{text[position]}' is not valid at position {position} "
                f"in '{text[:200]}'."
            )
        tokens.append(match)
        position = match.end()
    parser = _SearchParser(tokens, rules)
    return parser.parse()


class _SearchParser:
    def __init__(self, tokens: list[re.Match[str]], rules: QueryRules) -> None:
        self._tokens = tokens
        self._rules = rules
        self._at = 0
        self._depth = 0

    def _word(self, word: str) -> bool:
        if self._at < len(self._tokens) and (self._tokens[self._at]["word"] or "").upper() == word:
            self._at += 1
            return True
        return False

    def parse(self) -> Predicate:
        test = self._or()
        if self._at < len(self._tokens):
            raise bad_request("Syntax error in the $search query option.")
        return test

    def _or(self) -> Predicate:
        self._depth += 1
        if self._depth > 20:
            raise bad_request("The $search query option is nested too deeply.")
        tests = [self._and()]
        while self._word("OR"):
            tests.append(self._and())
        self._depth -= 1
        return tests[0] if len(tests) == 1 else lambda record: any(t(record) for t in tests)

    def _and(self) -> Predicate:
        tests = [self._clause()]
        while self._word("AND"):
            tests.append(self._clause())
        return tests[0] if len(tests) == 1 else lambda record: all(t(record) for t in tests)

    def _clause(self) -> Predicate:
        if self._word("("):
            test = self._or()
            if not self._word(")"):
                raise bad_request("Syntax error in the $search query option.")
            return test
        token = self._tokens[self._at] if self._at < len(self._tokens) else None
        if token is None or token["name"] is None:
            raise bad_request("Syntax error in the $search query option.")
        self._at += 1
        prop = self._rules.type.find(token["name"])
        if prop is None or prop.name not in self._rules.searchable:
            raise unsupported_query(
                f"Unsupported property '{token['name']}' in the $search query option."
            )
        return _word_test(prop.name, token["text"].replace('\\"', '"'))


def _word_test(name: str, text: str) -> Predicate:
    """Each word asked for begins a word of the property, as the directory tokenizes."""
    wanted = _words(text)

    def test(record: Mapping[str, Any]) -> bool:
        value = str(record.get(name) or "")
        words = [*_words(value), value.casefold()]
        return all(any(word.startswith(part) for word in words) for part in wanted)

    return test


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[^\w']+", text.casefold()) if word]


def read_search(
    request: GraphRequest, rules: QueryRules, hidden: frozenset[str] = frozenset()
) -> Predicate | None:
    """The test that `$search` states; what is hidden cannot be searched."""
    text = request.options.search
    if text is None:
        return None
    return parse_search(text, replace(rules, searchable=rules.searchable - hidden))


def demand_advanced(request: GraphRequest) -> None:
    """`/$count` of the directory needs `ConsistencyLevel: eventual`."""
    if not request.advanced:
        raise unsupported_query("$count is not currently supported.")
