"""Figures of the product, each beside a named baseline measured on the same machine."""
