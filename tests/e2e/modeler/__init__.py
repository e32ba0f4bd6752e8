"""The modeler in a browser."""
