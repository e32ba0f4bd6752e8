"""Entra ID of the sandbox: OAuth 2.0 and OpenID Connect as Microsoft's v2.0 endpoints speak them.

It must not know Microsoft Graph beyond the names of its permissions.
"""
