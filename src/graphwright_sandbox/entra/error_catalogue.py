"""The AADSTS codes of Entra ID that the sandbox answers with, and their texts.

It must not know when an error is due. Facts put into a text are names the caller sent or the
directory holds, never a secret, code or token.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """One AADSTS code: its OAuth 2.0 error, the HTTP status of a token answer, and its text."""

    error: str
    text: str
    status: int = 400
    suberror: str | None = None


_NO_FEDERATION = (
    "No matching federated identity record found for presented assertion {} '{{value}}'. Please "
    "check your federated identity credential Subject, Audience and Issuer against the presented "
    "assertion."
)

CATALOGUE: dict[int, ErrorKind] = {
    16000: ErrorKind(
        "interaction_required",
        "Either multiple user identities are available for the current request or the selected "
        "account is not supported for the scenario.",
    ),
    28000: ErrorKind(
        "invalid_scope",
        "Provided value for the input parameter scope is not valid because it contains more than "
        "one resource. Scope {scope} is not valid.",
    ),
    50011: ErrorKind(
        "invalid_request",
        "The redirect URI '{redirect_uri}' specified in the request does not match the redirect "
        "URIs configured for the application '{app_id}'. Make sure the redirect URI sent in the "
        "request matches one added to your application.",
    ),
    50013: ErrorKind("invalid_grant", "Assertion failed signature validation. [Reason - {reason}]"),
    50020: ErrorKind(
        "invalid_grant",
        "User account '{user}' from identity provider '{provider}' does not exist in tenant "
        "'{tenant}' and cannot access the application '{app_id}'({app_name}) in that tenant. The "
        "account needs to be added as an external user in the tenant first. Sign out and sign in "
        "again with a different Azure Active Directory user account.",
    ),
    50027: ErrorKind("invalid_request", "JWT token is invalid or malformed."),
    50034: ErrorKind(
        "invalid_grant",
        "The user account {user} does not exist in the {tenant} directory. To sign into this "
        "application, the account must be added to the directory.",
    ),
    50057: ErrorKind("invalid_grant", "The user account is disabled."),
    50058: ErrorKind(
        "login_required", "A silent sign-in request was sent but no user is signed in."
    ),
    50059: ErrorKind(
        "invalid_request",
        "No tenant-identifying information found in either the request or implied by any provided "
        "credentials.",
    ),
    50126: ErrorKind(
        "invalid_grant", "Error validating credentials due to invalid username or password."
    ),
    50173: ErrorKind(
        "invalid_grant",
        "The provided grant has expired due to it being revoked, a fresh auth token is needed. "
        "The user might have changed or reset their password. The grant was issued on '{issued}' "
        "and the TokensValidFrom date (before which tokens are not valid) for this user is "
        "'{valid_from}'.",
        suberror="bad_token",
    ),
    50194: ErrorKind(
        "invalid_request",
        "Application '{app_id}'({app_name}) is not configured as a multi-tenant application. Usage "
        "of the /common endpoint is not supported for such apps created after '10/15/2018'. Use a "
        "tenant-specific endpoint or configure the application to be multi-tenant.",
    ),
    54005: ErrorKind(
        "invalid_grant",
        "OAuth2 Authorization code was already redeemed, please retry with a new valid code or "
        "use an existing refresh token.",
    ),
    65001: ErrorKind(
        "invalid_grant",
        "The user or administrator has not consented to use the application with ID '{app_id}' "
        "named '{app_name}'. Send an interactive authorization request for this user and resource.",
        suberror="consent_required",
    ),
    65004: ErrorKind("access_denied", "User declined to consent to access the app."),
    70000: ErrorKind(
        "invalid_grant",
        "Provided grant is invalid or malformed, or it was issued to another client.",
        suberror="bad_token",
    ),
    70003: ErrorKind(
        "unsupported_grant_type", "The app requested an unsupported grant type '{grant_type}'."
    ),
    70005: ErrorKind(
        "unsupported_response_type",
        "The app requested an unsupported response type '{response_type}'.",
    ),
    70007: ErrorKind(
        "invalid_request",
        "'{response_mode}' is not a supported value of 'response_mode' when requesting a token.",
    ),
    70008: ErrorKind(
        "invalid_grant",
        "The provided authorization code or refresh token has expired due to inactivity. Send a "
        "new interactive authorization request for this user and resource.",
    ),
    70011: ErrorKind(
        "invalid_scope",
        "The provided value for the input parameter 'scope' is not valid. The scope '{scope}' is "
        "not valid.",
    ),
    70016: ErrorKind(
        "authorization_pending",
        "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
    ),
    70018: ErrorKind(
        "bad_verification_code",
        "Invalid verification code due to User typing in wrong user code for device code flow. "
        "Authorization is not approved.",
    ),
    70020: ErrorKind(
        "expired_token",
        "The provided value for the input parameter 'device_code' is not valid. This device code "
        "has expired.",
    ),
    70043: ErrorKind(
        "invalid_grant",
        "The refresh token has expired or is invalid due to sign-in frequency checks by "
        "conditional access. The token was issued on {issued} and the maximum allowed lifetime "
        "for this request is {lifetime}.",
        suberror="bad_token",
    ),
    90002: ErrorKind(
        "invalid_request",
        "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are "
        "signing into the correct cloud.",
    ),
    90014: ErrorKind(
        "invalid_request",
        "The required field '{field}' is missing from the credential. Ensure that you have all "
        "the necessary parameters for the login request.",
    ),
    90023: ErrorKind("invalid_request", "Unsupported '{field}' value."),
    90094: ErrorKind(
        "consent_required",
        "{app_name} needs permission to access resources in your organization that only an admin "
        "can grant. Please ask an admin to grant permission to this app before you can use it.",
    ),
    240002: ErrorKind(
        "invalid_grant",
        "Input id_token cannot be used as 'urn:ietf:params:oauth:grant-type:jwt-bearer' grant.",
    ),
    500011: ErrorKind(
        "invalid_resource",
        "The resource principal named {resource} was not found in the tenant named {tenant}. This "
        "can happen if the application has not been installed by the administrator of the tenant "
        "or consented to by any user in the tenant.",
    ),
    500112: ErrorKind(
        "invalid_grant",
        "The reply address '{redirect_uri}' does not match the reply address '{expected}' "
        "provided when requesting Authorization code.",
    ),
    500113: ErrorKind("invalid_request", "No reply address is registered for the application."),
    500131: ErrorKind(
        "invalid_grant",
        "Assertion audience does not match the Client app presenting the assertion. The audience "
        "in the assertion was '{audience}' and the expected audience is '{expected}' or one of the "
        "Application Uris of this application with App ID '{expected}'({app_name}). The downstream "
        "client must request a token for the expected audience (the application that made the OBO "
        "request) and this application should use that token as the assertion.",
    ),
    500133: ErrorKind(
        "invalid_grant",
        "Assertion is not within its valid time range. Ensure that the access token is not expired "
        "before using it for user assertion, or request a new token. Current time: {now}, expiry "
        "time of assertion {end}.",
    ),
    501481: ErrorKind(
        "invalid_grant",
        "The Code_Verifier does not match the code_challenge supplied in the authorization "
        "request.",
    ),
    501491: ErrorKind("invalid_request", "Invalid size or characters of Code_Challenge parameter."),
    650053: ErrorKind(
        "invalid_client",
        "The application '{app_name}' asked for scope '{scope}' that doesn't exist on the "
        "resource '{resource}'. Contact the app vendor.",
    ),
    700005: ErrorKind(
        "invalid_grant",
        "The provided Authorization Code is intended to use against other tenant, thus rejected. "
        "OAuth2 Authorization Code must be redeemed against same tenant it was acquired for "
        "({expected}), instead of {tenant}.",
    ),
    700016: ErrorKind(
        "unauthorized_client",
        "Application with identifier '{app_id}' was not found in the directory '{tenant}'. This "
        "can happen if the application has not been installed by the administrator of the tenant "
        "or consented to by any user in the tenant. You may have sent your authentication request "
        "to the wrong tenant.",
    ),
    700021: ErrorKind(
        "invalid_client",
        "Client assertion application identifier doesn't match 'client_id' parameter.",
        status=401,
    ),
    700023: ErrorKind(
        "invalid_client",
        "Client assertion audience claim does not match Realm issuer.",
        status=401,
    ),
    700024: ErrorKind(
        "invalid_client",
        "Client assertion is not within its valid time range. Current time: {now}, assertion valid "
        "from {start}, expiry time of assertion {end}.",
        status=401,
    ),
    700025: ErrorKind(
        "invalid_client",
        "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
        status=401,
    ),
    700027: ErrorKind(
        "invalid_client",
        "{problem}",
        status=401,
    ),
    700051: ErrorKind(
        "unsupported_response_type",
        "response_type 'token' is not enabled for the application.",
    ),
    700054: ErrorKind(
        "unsupported_response_type",
        "response_type 'id_token' is not enabled for the application.",
    ),
    700082: ErrorKind(
        "invalid_grant",
        "The refresh token has expired due to inactivity. The token was issued on {issued} and "
        "was inactive for {lifetime}.",
        suberror="bad_token",
    ),
    700211: ErrorKind("invalid_client", _NO_FEDERATION.format("issuer"), status=401),
    700212: ErrorKind("invalid_client", _NO_FEDERATION.format("audience"), status=401),
    700213: ErrorKind("invalid_client", _NO_FEDERATION.format("subject"), status=401),
    900023: ErrorKind(
        "invalid_request",
        "Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external "
        "domain.",
    ),
    900144: ErrorKind(
        "invalid_request",
        "The request body must contain the following parameter: '{field}'.",
    ),
    900561: ErrorKind(
        "invalid_request",
        "The endpoint only accepts POST requests. Received a {method} request.",
    ),
    1000502: ErrorKind(
        "invalid_client",
        "The provided certificate is not within its specified validity period.",
        status=401,
    ),
    1002012: ErrorKind(
        "invalid_scope",
        "The provided value for scope {scope} is not valid. Client credential flows must have a "
        "scope value with /.default suffixed to the resource identifier (application ID URI).",
    ),
    5002723: ErrorKind(
        "invalid_client",
        "Invalid JWT token. No certificate SHA-1 thumbprint, certificate SHA-256 thumbprint, nor "
        "keyId specified in token header.",
        status=401,
    ),
    5002738: ErrorKind(
        "invalid_client",
        "Invalid JWT token. '{algorithm}' is not a supported signature algorithm. Supported "
        "signing algorithms are: '{supported}'",
        status=401,
    ),
    7000114: ErrorKind(
        "invalid_grant",
        "Application '{app_id}' is not allowed to make application on-behalf-of calls.",
    ),
    7000215: ErrorKind(
        "invalid_client",
        "Invalid client secret provided. Ensure the secret being sent in the request is the "
        "client secret value, not the client secret ID, for a secret added to app '{app_id}'.",
        status=401,
    ),
    7000216: ErrorKind(
        "invalid_client",
        "'client_assertion', 'client_secret' or 'request' is required for the "
        "'client_credentials' grant type.",
        status=401,
    ),
    7000218: ErrorKind(
        "invalid_client",
        "The request body must contain the following parameter: 'client_assertion' or "
        "'client_secret'.",
        status=401,
    ),
    9000411: ErrorKind(
        "invalid_request",
        "The request is not properly formatted. The parameter '{field}' is duplicated.",
    ),
    9002313: ErrorKind("invalid_request", "Invalid request. Request is malformed or invalid."),
}
