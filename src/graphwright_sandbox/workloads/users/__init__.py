"""People of the directory: profiles, managers, reports, photos, mailbox settings."""
