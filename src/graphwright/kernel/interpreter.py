"""How the Python interpreter of a Graphwright process shares its time. For programs, not libraries."""

import gc
import sys

# How long a thread that maps an import keeps the interpreter while a request waits for it. A request
# passes through some twenty threads' turns; with Python's own 5 ms it would wait at each of them.
_SWITCH_SECONDS = 0.0005
# A page of a large import is some 40,000 objects, none in a cycle. Searched for cycles at Python's
# own pace, they take half as much processor time again and stop every request for 70 ms at a time.
_COLLECT_BEHIND = 50_000


def prepare_interpreter() -> None:
    """To be called when what a process works with is loaded, before it begins."""
    sys.setswitchinterval(_SWITCH_SECONDS)
    gc.set_threshold(_COLLECT_BEHIND, 10, 10)
    gc.freeze()
