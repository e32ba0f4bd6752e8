"""What to register for the application's profiles, from the requests its flows send."""

from collections.abc import Iterator

from graphwright.application.definition import Application
from graphwright.kernel.settings import Settings
from graphwright.profiles.definition import resolve
from graphwright.profiles.setup_guide import SetupGuide, describe_setup


def profile_guides(application: Application, settings: Settings) -> list[SetupGuide]:
    """The setup guide of every profile; raises `SettingMissing` where one is not filled in."""
    return [
        describe_setup(
            name,
            resolve(name, definition, settings),
            settings.base_url,
            requests_of(application, name),
        )
        for name, definition in application.profiles.items()
    ]


def requests_of(application: Application, profile: str) -> Iterator[tuple[str, str]]:
    """Method and URL of every request of the flows that is sent with the profile."""
    for flow in application.flows.values():
        for node in flow.nodes.values():
            authentication = getattr(node, "authentication", None)
            if getattr(authentication, "profile", None) == profile:
                yield getattr(node, "method", "GET"), getattr(node, "url", "")
