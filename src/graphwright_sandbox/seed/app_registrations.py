"""The applications registered in the sandbox's tenant, with secrets that open nothing else."""

from collections.abc import Iterator, Sequence

from graphwright_sandbox.seed.client_credentials import ClientCredentials
from graphwright_sandbox.tenant import (
    AppRegistration,
    ExposedScope,
    FederatedCredential,
    SamlSettings,
)

USERS_APP_ID = "0f4b7c7e-52d3-4a86-9a51-c0de5a4dbb01"
APPLICATION_APP_ID = "1a5c8d8f-63e4-4b97-8b62-c0de5a4dbb02"
COMMAND_LINE_APP_ID = "2b6d9e90-74f5-4ca8-9c73-c0de5a4dbb03"
NOTES_API_APP_ID = "3c7eafa1-85a6-4db9-8d84-c0de5a4dbb04"
NOTES_CLIENT_APP_ID = "4d8fb0b2-96b7-4eca-9e95-c0de5a4dbb05"
CERTIFICATE_APP_ID = "5e90c1c3-a7c8-4fdb-8fa6-c0de5a4dbb06"
FEDERATED_APP_ID = "6fa1d2d4-b8d9-40ec-9ab7-c0de5a4dbb07"
EXPENSES_APP_ID = "70b2e3e5-c9ea-41fd-8bc8-c0de5a4dbb08"
PEOPLE_ADMIN_APP_ID = "81c3f4f6-dafb-42ae-9cd9-c0de5a4dbb09"
TEAM_ROOM_APP_ID = "92d4a5a7-eb0c-43bf-8dea-c0de5a4dbb0a"
SITE_BROWSER_APP_ID = "a3e5b6b8-fc1d-44c0-9efb-c0de5a4dbb0b"
# The shape of a client secret (40 characters, one tilde), and plainly not one of a real tenant.
USERS_SECRET = "SBX8Q~sandbox-only-not-a-secret-users.01"  # noqa: S105
APPLICATION_SECRET = "SBX8Q~sandbox-only-not-a-secret-apps0.02"  # noqa: S105
NOTES_API_SECRET = "SBX8Q~sandbox-only-not-a-secret-notes.03"  # noqa: S105
FORMER_NOTES_API_SECRET = "SBX8Q~sandbox-only-not-a-secret-notes.00"  # noqa: S105
PEOPLE_ADMIN_SECRET = "SBX8Q~sandbox-only-not-a-secret-admin.04"  # noqa: S105
TEAM_ROOM_SECRET = "SBX8Q~sandbox-only-not-a-secret-teams.05"  # noqa: S105
SITE_BROWSER_SECRET = "SBX8Q~sandbox-only-not-a-secret-sites.06"  # noqa: S105
NOTES_API_URI = "api://northwind-notes"
FEDERATED_ISSUER = "https://builds.northwind.example"
FEDERATED_SUBJECT = "pipeline:survey-reports"

_SIGN_IN = ("openid", "profile", "email", "offline_access", "User.Read")
_MAILBOX = ("User.Read", "Calendars.ReadWrite", "Mail.ReadWrite", "Mail.Send")


def create_app_registrations(
    redirect_uris: Sequence[str], credentials: ClientCredentials | None = None
) -> tuple[AppRegistration, ...]:
    """One registration of each kind; those without a secret only with `credentials`."""
    proved = _create_proved(credentials) if credentials else ()
    return (
        *_create_for_clients(redirect_uris),
        *_create_notes(),
        _create_service_provider(),
        *proved,
    )


def _create_for_clients(redirect_uris: Sequence[str]) -> tuple[AppRegistration, ...]:
    own = "http://localhost:8080/auth/callback/graph-user"
    redirect_uris = tuple(dict.fromkeys((own, *redirect_uris)))
    return (
        AppRegistration(
            app_id=USERS_APP_ID,
            display_name="My day (users)",
            secrets=(USERS_SECRET,),
            redirect_uris=redirect_uris,
            delegated_permissions=("openid", "profile", "email", "offline_access", *_MAILBOX),
        ),
        AppRegistration(
            app_id=APPLICATION_APP_ID,
            display_name="My day (application)",
            secrets=(APPLICATION_SECRET,),
            application_permissions=("User.Read.All",),
            admin_consented=True,
        ),
        AppRegistration(
            app_id=COMMAND_LINE_APP_ID,
            display_name="Graphwright command line",
            redirect_uris=("http://localhost",),
            public_client=True,
            sign_in_audience="AzureADMultipleOrgs",
            delegated_permissions=(
                "openid",
                "profile",
                "offline_access",
                *_MAILBOX,
                "User.ReadBasic.All",
            ),
        ),
        *_create_for_examples(redirect_uris),
    )


def _create_for_examples(redirect_uris: tuple[str, ...]) -> Iterator[AppRegistration]:
    """The applications of further examples. Most of what they ask for only an administrator grants."""
    for app_id, name, secret, permissions in (
        (
            PEOPLE_ADMIN_APP_ID,
            "People admin",
            PEOPLE_ADMIN_SECRET,
            ("User.ReadWrite.All", "GroupMember.ReadWrite.All"),
        ),
        (
            TEAM_ROOM_APP_ID,
            "Team room",
            TEAM_ROOM_SECRET,
            (
                "Team.ReadBasic.All",
                "Channel.ReadBasic.All",
                "ChannelMessage.Read.All",
                "ChannelMessage.Send",
            ),
        ),
        (SITE_BROWSER_APP_ID, "Site browser", SITE_BROWSER_SECRET, ("Sites.ReadWrite.All",)),
    ):
        yield AppRegistration(
            app_id=app_id,
            display_name=f"{name} (users)",
            secrets=(secret,),
            redirect_uris=redirect_uris,
            delegated_permissions=(*_SIGN_IN, *permissions),
            admin_consented=True,
        )


def _create_notes() -> tuple[AppRegistration, ...]:
    """A middle tier with an API of its own, for on-behalf-of, and a client of that API."""
    return (
        AppRegistration(
            app_id=NOTES_API_APP_ID,
            display_name="Notes (API)",
            secrets=(NOTES_API_SECRET, FORMER_NOTES_API_SECRET),
            identifier_uris=(NOTES_API_URI,),
            exposed_scopes=(
                ExposedScope(name="Notes.Read", title="Read your notes"),
                ExposedScope(
                    name="Notes.Read.All",
                    title="Read the notes of everybody",
                    needs_administrator=True,
                ),
            ),
            delegated_permissions=("User.Read", "Mail.Send", "offline_access"),
            admin_consented=True,
        ),
        AppRegistration(
            app_id=NOTES_CLIENT_APP_ID,
            display_name="Notes",
            redirect_uris=("http://localhost",),
            front_channel_logout_url="http://localhost:8090/signed-out",
            public_client=True,
            delegated_permissions=(
                "openid",
                "profile",
                "offline_access",
                "User.Read",
                f"{NOTES_API_URI}/Notes.Read",
            ),
        ),
    )


def _create_service_provider() -> AppRegistration:
    """An application that knows people by SAML alone."""
    return AppRegistration(
        app_id=EXPENSES_APP_ID,
        display_name="Expenses (SAML)",
        saml=SamlSettings(
            entity_ids=("https://expenses.northwind.example/saml",),
            reply_urls=("http://localhost:8095/saml/acs",),
            logout_url="http://localhost:8095/saml/logout",
        ),
    )


def _create_proved(credentials: ClientCredentials) -> tuple[AppRegistration, ...]:
    """Applications that prove themselves by what they sign."""
    return (
        AppRegistration(
            app_id=CERTIFICATE_APP_ID,
            display_name="Night shift (certificate)",
            certificates=(credentials.certificate,),
            application_permissions=("User.Read.All", "Calendars.Read"),
            admin_consented=True,
        ),
        AppRegistration(
            app_id=FEDERATED_APP_ID,
            display_name="Survey reports (federated)",
            federated_credentials=(
                FederatedCredential(
                    name="builds",
                    issuer=FEDERATED_ISSUER,
                    subject=FEDERATED_SUBJECT,
                    keys=credentials.keys,
                ),
            ),
            application_permissions=("User.Read.All",),
            admin_consented=True,
        ),
    )
