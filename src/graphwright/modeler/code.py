"""A request as code to copy: curl, Python, `graphwright request`. Every value is quoted.

The token is a placeholder, an environment variable; a password, and the name of the file with a client
certificate, as well.
"""

import re
from pathlib import Path
from shlex import quote
from urllib.parse import parse_qsl

from graphwright.http.call import Call
from graphwright.http.definition import RequestDefinition
from graphwright.http.ports import ProfilesShape
from graphwright.kernel.errors import InvalidInput
from graphwright.modeler.wire.tries import CodeAnswer

_JSON = "application/json"


def write_code(
    call: Call, definition: RequestDefinition, profiles: ProfilesShape, folder: Path
) -> CodeAnswer:
    """The call as code; `folder`: the application whose profile the command uses."""
    texts = [call.url, *call.headers.values(), (call.body or b"").decode("utf-8")]
    if any("\0" in text for text in texts):
        raise InvalidInput("A value holds a null character, which no command line can.")
    return CodeAnswer(
        curl=_curl(call),
        python=_python(call),
        command=_command(call, definition, profiles, folder),
    )


def _curl(call: Call) -> str:
    parts = ["curl --head" if call.method == "HEAD" else f"curl --request {call.method}"]
    parts.append(f"--url {quote(call.url)}")
    if call.authentication.type == "oauth2":
        parts.append('--header "Authorization: Bearer $ACCESS_TOKEN"')
    elif call.authentication.type == "basic":
        parts.append(f'--user {quote(f"{call.authentication.username}:")}"$PASSWORD"')
    elif call.authentication.type == "client_certificate":
        parts.append('--cert "$CERTIFICATE"')
        if call.authentication.passphrase_secret is not None:
            parts.append('--pass "$PASSPHRASE"')
    # `Name;` is how curl writes a header without a value; `Name:` would leave it out.
    for name, value in call.headers.items():
        parts.append("--header " + quote(f"{name}: {value}" if value else f"{name};"))
    if call.body is not None:
        parts.append(f"--data-raw {quote(call.body.decode('utf-8'))}")
    return _lines(parts)


def _python(call: Call) -> str:
    headers = [f"        {name!r}: {value!r}," for name, value in call.headers.items()]
    arguments = [f"    {call.method!r},", f"    {call.url!r},"]
    if call.authentication.type == "oauth2":
        bearer = """f"Bearer {os.environ['ACCESS_TOKEN']}\""""
        headers.insert(0, f"        'Authorization': {bearer},")
    elif call.authentication.type == "basic":
        arguments.append(f"    auth=({call.authentication.username!r}, os.environ['PASSWORD']),")
    elif call.authentication.type == "client_certificate":
        if call.authentication.passphrase_secret is not None:
            arguments.append(
                "    # requests opens no key with a passphrase: decrypt it in that file."
            )
        arguments.append("    cert=os.environ['CERTIFICATE'],")
    if headers:
        arguments += ["    headers={", *headers, "    },"]
    if call.body is not None:
        arguments.append(f"    data={call.body.decode('utf-8')!r}.encode(),")
    arguments.append(f"    timeout={call.timeout or 120:g},")
    imports = "import requests"
    if call.authentication.type != "none":
        imports = f"import os\n\n{imports}"
    lines = [
        imports,
        "",
        "response = requests.request(",
        *arguments,
        ")",
        "response.raise_for_status()",
        "is_json = 'json' in response.headers.get('Content-Type', '')",
        "print(response.json() if is_json else response.text)",
    ]
    return "\n".join(lines) + "\n"


def _command(
    call: Call, definition: RequestDefinition, profiles: ProfilesShape, folder: Path
) -> str:
    if call.profile is None:
        return "# graphwright request sends with a profile's token; this request takes none."
    path, _, query = call.url.partition("?")
    base = profiles.definition(call.profile).base_url(definition.api).rstrip("/")
    is_own = path.startswith(f"{base}/")
    shown = path.removeprefix(base) if is_own else path
    parts = [f"graphwright request {quote(str(folder))} {call.method} {quote(shown)}"]
    parts.append(_option("profile", call.profile))
    if is_own and definition.api != "v1.0":
        parts.append(_option("api", definition.api))
    for name, value in parse_qsl(query, keep_blank_values=True):
        parts.append(_option("query", f"{name}={value}"))
    for name, value in call.headers.items():
        if name != "Content-Type":
            parts.append(_option("header", f"{name}: {value}"))
    if call.body is not None:
        text = call.body.decode("utf-8")
        parts.append(_option("body", f"@{text}" if text.startswith("@") else text))
        kind = call.headers["Content-Type"]
        if kind != _JSON:
            parts.append(_option("content-type", re.sub(r";\s*", ";", kind)))
    return _lines(parts)


def _option(name: str, value: str) -> str:
    # What begins with a dash would be taken for the next option.
    return quote(f"--{name}={value}") if value.startswith("-") else f"--{name} {quote(value)}"


def _lines(parts: list[str]) -> str:
    return " \\\n  ".join(parts) + "\n"
