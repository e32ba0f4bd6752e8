"""The errors of Entra ID as a SAML identity provider: AADSTS codes and their texts.

It must not know when an error is due.
"""

from __future__ import annotations

from graphwright_sandbox.entra.error_catalogue import ErrorKind
from graphwright_sandbox.entra.errors import EntraError

_INVALID = "invalid_request"
SAML_CATALOGUE: dict[int, ErrorKind] = {
    50006: ErrorKind(_INVALID, "Signature verification failed because of an invalid signature."),
    75001: ErrorKind(_INVALID, "An error occurred during SAML message binding."),
    75003: ErrorKind(
        _INVALID,
        "The application returned an error related to unsupported binding. SAML protocol response "
        "cannot be sent via bindings other than HTTP POST.",
    ),
    75005: ErrorKind(_INVALID, "The request is not a valid Saml2 protocol message."),
    75008: ErrorKind(
        _INVALID,
        "The request from the application was denied since the SAML request had an unexpected "
        "destination.",
    ),
    75011: ErrorKind(
        _INVALID,
        "Authentication method '{actual}' by which the user authenticated with the service "
        "doesn't match requested authentication method '{requested}'. Contact the application "
        "owner.",
    ),
    75016: ErrorKind(_INVALID, "SAML2 Authentication Request has invalid NameIdPolicy."),
    76021: ErrorKind(
        _INVALID,
        "The request sent by client is not signed while the application requires signed requests.",
    ),
    750054: ErrorKind(
        _INVALID,
        "SAMLRequest or SAMLResponse must be present as query string parameters in HTTP request "
        "for SAML Redirect binding.",
    ),
    7500525: ErrorKind(
        _INVALID,
        "There was an XML error in the SAML message at line {line}, position {position}. Verify "
        "that the XML content of the SAML messages conforms to the SAML protocol specifications.",
    ),
    7500529: ErrorKind(
        _INVALID, "The value '{value}' is not a valid SAML ID. The ID must not begin with a number."
    ),
}


class SamlError(EntraError):
    """A SAML message that Entra ID refuses."""

    catalogue = SAML_CATALOGUE
