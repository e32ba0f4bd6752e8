"""The page type message: folders and mails with a reading pane."""
