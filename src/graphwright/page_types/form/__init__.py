"""The page type form: a form over a list's fields."""
