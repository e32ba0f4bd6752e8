"""What a file or folder may be called, and how a second one of the same name is called.

Source: https://support.microsoft.com/office/64883a5d-228e-48f5-b3d2-eb39e07630fa
"""

import re
from collections.abc import Callable

from graphwright_sandbox.sharepoint.errors import invalid_request

_FORBIDDEN = re.compile(r'["*:<>?/\\|\x00-\x1f\x7f]')
_RESERVED = re.compile(
    r"^(?:\.lock|con|prn|aux|nul|com\d|lpt\d|desktop\.ini|_vti_.*|~\$.*)$", re.IGNORECASE
)
_MAXIMUM = 255


def check_name(name: object) -> str:
    """The name, if SharePoint takes it."""
    if not isinstance(name, str) or not name:
        raise invalid_request("The name in the provided resource is missing or empty.")
    refused = (
        _FORBIDDEN.search(name)
        or _RESERVED.match(name)
        or name != name.strip()
        or name.endswith(".")
        or "_vti_" in name.lower()
        or len(name) > _MAXIMUM
    )
    if refused:
        raise invalid_request("The provided name cannot be used for a file or folder.")
    return name


def free_name(name: str, taken: Callable[[str], bool]) -> str:
    """The name with the first number that makes it a new one: `plan 1.txt`."""
    stem, dot, ending = name.rpartition(".")
    if not stem:
        stem, dot, ending = name, "", ""
    number = 1
    while taken(f"{stem} {number}{dot}{ending}"):
        number += 1
    return f"{stem} {number}{dot}{ending}"
