"""Opens the browser, where there is a screen to open one on."""

import os
import sys
import threading
import webbrowser


def open_in_browser(url: str) -> None:
    """Opens an address and does not wait for it."""
    screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform == "darwin" or screen:
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
