"""The project's own checks: what must hold for every source file, whatever it does."""
