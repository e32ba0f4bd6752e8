"""The names that SAML 2.0 and Entra ID give to things. Nothing here does anything."""

from __future__ import annotations

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
MD = "urn:oasis:names:tc:SAML:2.0:metadata"
DS = "http://www.w3.org/2000/09/xmldsig#"

REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"

EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
NAME_ID_FORMATS = {
    "emailAddress": EMAIL,
    "persistent": PERSISTENT,
    "transient": TRANSIENT,
    "unspecified": UNSPECIFIED,
}
"""The formats of a NameID by the names that registrations use."""

_STATUS = "urn:oasis:names:tc:SAML:2.0:status:"
SUCCESS = _STATUS + "Success"
REQUESTER = _STATUS + "Requester"
RESPONDER = _STATUS + "Responder"
NO_PASSIVE = _STATUS + "NoPassive"
REQUEST_DENIED = _STATUS + "RequestDenied"
INVALID_NAME_ID_POLICY = _STATUS + "InvalidNameIDPolicy"
UNKNOWN_PRINCIPAL = _STATUS + "UnknownPrincipal"

_CONTEXT = "urn:oasis:names:tc:SAML:2.0:ac:classes:"
PASSWORD = _CONTEXT + "Password"
PASSWORD_CONTEXTS = {PASSWORD, _CONTEXT + "PasswordProtectedTransport"}
"""What signing in here counts as."""
ANY_CONTEXT = _CONTEXT + "unspecified"

RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"

_MICROSOFT = "http://schemas.microsoft.com/identity/claims/"
_WS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
_METHODS = "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/"
CLAIM_TENANT = _MICROSOFT + "tenantid"
CLAIM_OBJECT = _MICROSOFT + "objectidentifier"
CLAIM_DISPLAY_NAME = _MICROSOFT + "displayname"
CLAIM_PROVIDER = _MICROSOFT + "identityprovider"
CLAIM_METHODS = "http://schemas.microsoft.com/claims/authnmethodsreferences"
CLAIM_GROUPS = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups"
CLAIM_GIVEN_NAME = _WS + "givenname"
CLAIM_SURNAME = _WS + "surname"
CLAIM_EMAIL = _WS + "emailaddress"
CLAIM_NAME = _WS + "name"
METHOD_PASSWORD = _METHODS + "password"
