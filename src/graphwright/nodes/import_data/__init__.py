"""The node `import_data`: a response becomes the rows of a list."""
