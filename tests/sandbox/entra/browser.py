"""A browser in small: keeps cookies, reads forms, presses buttons, stops at an application.

It must not know what the sandbox ought to answer.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from types import TracebackType
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import requests

from graphwright_sandbox.entra.grants import challenge_of
from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import REDIRECT_URI, SECRET, TENANT_ID, WEB_ID


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


@dataclass
class Button:
    form: Form
    name: str
    value: str
    labelled_by: str
    label: str = ""
    text: str = ""

    def name_in(self, ids: dict[str, str]) -> str:
        """What the button is called."""
        return (ids[self.labelled_by] if self.labelled_by else self.label or self.text).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.buttons: list[Button] = []
        self.ids: dict[str, str] = {}
        self.text = ""
        self._stack: list[tuple[str, str]] = []
        self._button: Button | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(values["action"], values["method"]))
        if tag == "input" and values.get("type") == "hidden":
            self.forms[-1].fields[values["name"]] = values["value"]
        if tag == "button" and values.get("type") != "button":
            form = self.forms[-1]
            if "formaction" in values:
                form = replace(form, action=values["formaction"])
            names = (values.get("name", ""), values.get("value", ""))
            self._button = Button(form, *names, values.get("aria-labelledby", ""))
            self._button.label = values.get("aria-label", "")
            self.buttons.append(self._button)
        if tag not in ("input", "meta", "link"):
            self._stack.append((tag, values.get("id", "")))

    def handle_endtag(self, tag: str) -> None:
        self._stack.pop()
        if tag == "button":
            self._button = None

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._button:
            self._button.text += data
        if self._stack and self._stack[-1][1]:
            identity = self._stack[-1][1]
            self.ids[identity] = self.ids.get(identity, "") + data


class Page:
    """What the browser shows: a page of the sandbox, or the answer at an application."""

    def __init__(self, url: str, status: int, headers: dict[str, str], html: str) -> None:
        self.url, self.status, self.headers, self.html = url, status, headers, html
        reader = _Reader()
        reader.feed(html)
        self.text = " ".join(reader.text.split())
        self.forms = reader.forms
        self.buttons = {button.name_in(reader.ids): button for button in reader.buttons}

    @property
    def answer(self) -> dict[str, str]:
        """The fields of an answer at the application, from query or fragment."""
        parts = urlsplit(self.url)
        return dict(parse_qsl(parts.fragment or parts.query))


class Browser:
    """Follows redirects within the sandbox and stops at every other address."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = str(sandbox.ca_file)

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.session.close()

    def open(self, url: str, data: dict[str, str] | None = None) -> Page:
        own = (self.sandbox.login_url + "/", self.sandbox.browser_url + "/")
        while (url + "/").startswith(own):
            method = "GET" if data is None else "POST"
            response = self.session.request(method, url, data=data, allow_redirects=False)
            if not response.is_redirect:
                return Page(url, response.status_code, dict(response.headers), response.text)
            url, data = urljoin(url, response.headers["location"]), None
        return Page(url, 0, {}, "")

    def press(self, page: Page, name: str) -> Page:
        button = page.buttons[name]
        fields = button.form.fields | ({button.name: button.value} if button.name else {})
        url = urljoin(page.url, button.form.action)
        if button.form.method == "get":
            return self.open(f"{url}?{urlencode(fields)}")
        return self.open(url, fields)

    def sign_in(self, url: str, name: str = "Ada Lovelace") -> Page:
        """Choose a person and accept whatever is asked."""
        page = self.open(url)
        if name in page.buttons:
            page = self.press(page, name)
        return self.press(page, "Accept") if "Accept" in page.buttons else page


def authorize_url(sandbox: Sandbox, **changes: str | None) -> str:
    """A good authorization request of the web application, with some parameters changed."""
    tenant = changes.pop("tenant", None) or TENANT_ID
    fields: dict[str, str | None] = {
        "client_id": WEB_ID,
        "redirect_uri": REDIRECT_URI,
        "response_type": "code",
        "scope": "openid profile email offline_access User.Read",
        "state": "s t&a=te",
    }
    sent = {name: value for name, value in (fields | changes).items() if value is not None}
    return f"{sandbox.browser_url}/{tenant}/oauth2/v2.0/authorize?{urlencode(sent)}"


def post_token(
    sandbox: Sandbox,
    http: requests.Session,
    fields: dict[str, str | None],
    *,
    tenant: str = TENANT_ID,
    headers: dict[str, str] | None = None,
) -> requests.Response:
    """Ask the token endpoint as the web application, with some parameters changed."""
    base: dict[str, str | None] = {"client_id": WEB_ID, "client_secret": SECRET}
    sent = {name: value for name, value in (base | fields).items() if value is not None}
    url = f"{sandbox.login_url}/{tenant}/oauth2/v2.0/token"
    return http.post(url, data=sent, headers=headers, verify=str(sandbox.ca_file))


def get_code(sandbox: Sandbox, browser: Browser, **changes: str | None) -> str:
    return browser.sign_in(authorize_url(sandbox, **changes)).answer["code"]


def get_tokens(
    sandbox: Sandbox, browser: Browser, http: requests.Session, **changes: str | None
) -> dict[str, str]:
    """Sign in and redeem the code, with PKCE."""
    verifier = secrets.token_urlsafe(48)
    code = get_code(
        sandbox,
        browser,
        code_challenge=challenge_of(verifier, "S256"),
        code_challenge_method="S256",
        **changes,
    )
    response = post_token(
        sandbox,
        http,
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": changes.get("redirect_uri") or REDIRECT_URI,
            "code_verifier": verifier,
        },
    )
    assert response.status_code == 200, response.text
    body: dict[str, str] = response.json()
    return body


def code_of(body: dict[str, str]) -> str:
    """The AADSTS code of an answer at the application."""
    return body["error_description"].split(":")[0].removeprefix("AADSTS")
