"""The node `assign`: sets variables."""
