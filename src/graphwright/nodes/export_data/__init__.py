"""The node `export_data`: rows of a list as JSON or CSV."""
