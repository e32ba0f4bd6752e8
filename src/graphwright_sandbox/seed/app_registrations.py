"""The applications registered in the sandbox's tenant, with secrets that open nothing else."""

from collections.abc import Sequence

from graphwright_sandbox.tenant import AppRegistration

USERS_APP_ID = "0f4b7c7e-52d3-4a86-9a51-c0de5a4dbb01"
APPLICATION_APP_ID = "1a5c8d8f-63e4-4b97-8b62-c0de5a4dbb02"
COMMAND_LINE_APP_ID = "2b6d9e90-74f5-4ca8-9c73-c0de5a4dbb03"
# The shape of a client secret (40 characters, one tilde), and plainly not one of a real tenant.
USERS_SECRET = "SBX8Q~sandbox-only-not-a-secret-users.01"  # noqa: S105
APPLICATION_SECRET = "SBX8Q~sandbox-only-not-a-secret-apps0.02"  # noqa: S105

_MAILBOX = ("User.Read", "Calendars.ReadWrite", "Mail.ReadWrite", "Mail.Send")


def create_app_registrations(redirect_uris: Sequence[str]) -> tuple[AppRegistration, ...]:
    own = "http://localhost:8080/auth/callback/graph-user"
    return (
        AppRegistration(
            app_id=USERS_APP_ID,
            display_name="My day (users)",
            secrets=(USERS_SECRET,),
            redirect_uris=tuple(dict.fromkeys((own, *redirect_uris))),
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
            delegated_permissions=(
                "openid",
                "profile",
                "offline_access",
                *_MAILBOX,
                "User.ReadBasic.All",
            ),
        ),
    )
