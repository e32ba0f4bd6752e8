"""The whole way in a real browser: portal, sandbox and Chromium. A package, so that they end with it."""
