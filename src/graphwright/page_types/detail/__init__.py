"""The page type detail: one row."""
