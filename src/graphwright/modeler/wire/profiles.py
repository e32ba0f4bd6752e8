"""Profiles: what to register, tests, sign-ins, accounts, secrets."""

from typing import Literal

from pydantic import Field

from graphwright.modeler.wire.base import Answer, Body, Json, Name


class RedirectUrlWire(Answer):
    """A redirect URL to register."""

    url: str
    platform: str
    purpose: str


class PermissionWire(Answer):
    """A permission that the application's requests need."""

    name: str
    requests: list[str]
    covered: bool


class GuideWire(Answer):
    """`GET /api/profiles/{name}/guide`."""

    profile: str
    title: str
    type: str
    flavour: Literal["user", "application"]
    grant_type: str
    tenant: str
    client_id: str
    redirect_urls: list[RedirectUrlWire]
    permissions: list[PermissionWire]
    scopes: list[str]
    unknown_requests: list[str]
    admin_consent_url: str | None
    notes: list[str]
    steps: list[str] = Field(
        description="What to do in the Entra admin center, Markdown, in order."
    )
    missing: list[str] = Field(description="Settings and secrets that are set nowhere.")


class TestProfile(Body):
    """`POST /api/profiles/{name}/test`."""

    account: str | None = Field(
        default=None, description="Id of an account; absent: a new sign-in."
    )


class AccountWire(Answer):
    """Somebody who has signed in."""

    id: str
    profile: str
    username: str
    name: str | None


class TestOutcome(Answer):
    """What a test, or a sign-in, has come to. Decoded claims, never the token."""

    status: Literal["waiting", "done", "failed"]
    sign_in: str | None = Field(
        default=None, description="Id to ask `/api/sign-ins/{id}` with, while waiting."
    )
    url: str | None = Field(default=None, description="Where to sign in, while waiting.")
    account: AccountWire | None = None
    claims: Json = None
    scopes: list[str] = Field(default_factory=list)
    expires_at: str | None = None
    missing_permissions: list[str] = Field(default_factory=list)
    error: Json = Field(default=None, description="{code, message, hint, ...}")


class Accounts(Answer):
    """`GET /api/accounts`."""

    accounts: list[AccountWire]


class SecretWire(Answer):
    """A secret or setting that the model names. Its value is never given out."""

    name: str
    kind: Literal["secret", "setting"]
    where: Literal["environment", ".env", "store", "default", "missing"]
    used_by: list[str]


class Secrets(Answer):
    """`GET /api/secrets`."""

    secrets: list[SecretWire]


class SetSecret(Body):
    """`PUT /api/secrets/{name}`; into the encrypted store."""

    value: str = Field(min_length=1, max_length=30_000)


class SandboxApp(Answer):
    """An app registration of the sandbox that runs beside the modeler."""

    display_name: str
    tenant: str
    client_id: str
    flavour: Literal["user", "application"]
    permissions: list[str]


class SandboxWire(Answer):
    """`GET /api/sandbox`; `POST /api/profiles/{name}/sandbox` puts one of the apps into a profile."""

    login_url: str
    apps: list[SandboxApp]


class UseSandboxApp(Body):
    """`POST /api/profiles/{name}/sandbox`: ids into the profile, its secret into the store."""

    client_id: str = Field(max_length=100)
    revision: str = Field(max_length=64)


class ProfileName(Body):
    """A profile by name."""

    name: Name
