"""A strict local Microsoft 365 tenant: Entra ID and Microsoft Graph on this machine.

It must not import anything of ``graphwright``: applications meet the sandbox only over HTTP.
"""
