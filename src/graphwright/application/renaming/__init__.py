"""What renaming changes: references by name, and what expressions read."""
