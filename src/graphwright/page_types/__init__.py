"""Page types: one folder each, found by name. A page type's functions are pure; see `pages.opening`."""
