"""The directory as a whole: objects by id, deleted ones, the organization and what it bought."""
