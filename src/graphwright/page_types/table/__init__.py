"""The page type table: rows in columns."""
