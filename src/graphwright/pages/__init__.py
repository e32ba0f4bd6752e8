"""Pages: what a user sees. Definitions, opening a page for a person, its rows, and what it sends back.

Knows lists, expressions and scopes; not how a page type draws, and nothing of HTTP.
"""
