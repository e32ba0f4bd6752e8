"""Task lists and tasks of people (Microsoft To Do)."""
