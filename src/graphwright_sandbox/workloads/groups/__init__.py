"""Groups: Microsoft 365 and security groups, their members, owners, nesting and photos."""
