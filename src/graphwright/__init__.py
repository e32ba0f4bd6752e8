"""Graphwright connects an application to Microsoft 365 through Microsoft Graph, without code."""

__version__ = "0.1.0"
