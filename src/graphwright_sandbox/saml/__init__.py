"""Entra ID as a SAML 2.0 identity provider: metadata, sign-on, logout.

XML signatures and encryption are xmlsec's; this package says what is signed and what is refused.
It must not know how a person signs in: the pages of `entra` do that.
"""
