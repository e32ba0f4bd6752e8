"""The pages of the sandbox that a browser shows: plain HTML and CSS, no script needed.

They must not know where their data comes from, and must not look like Microsoft's.
"""
