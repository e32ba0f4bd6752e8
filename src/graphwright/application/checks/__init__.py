"""The checks of a whole application, a subject a module: each gives problems, none raises."""
