"""What to register for the application's profiles, from the requests its flows send."""

from collections.abc import Iterator

from graphwright.application.definition import Application
from graphwright.kernel.settings import Settings
from graphwright.profiles.definition import Profile, resolve, resolve_partly
from graphwright.profiles.setup_guide import SetupGuide, describe_setup


def profile_guides(application: Application, settings: Settings) -> list[SetupGuide]:
    """The setup guide of every profile; raises `ProfileInvalid` where a setting's value cannot be."""
    guides = []
    for name, definition in application.profiles.items():
        if any(not settings.get(setting) for setting in definition.setting_names()):
            profile = resolve_partly(name, definition, settings)
        else:
            profile = resolve(name, definition, settings)
        guides.append(profile_guide(application, name, profile, settings))
    return guides


def profile_guide(
    application: Application | None, name: str, profile: Profile, settings: Settings
) -> SetupGuide:
    """The setup guide of a profile that is resolved as far as its settings are set.

    Where there is no application nothing is known of its requests.
    """
    stored = set(settings.secret_store.names())
    secrets = [one for one in profile.secret_names() if not settings.get(one) and one not in stored]
    unset = [setting for setting in profile.setting_names() if not settings.get(setting)]
    requests = requests_of(application, name) if application else ()
    return describe_setup(name, profile, settings.base_url, requests, sorted([*unset, *secrets]))


def requests_of(application: Application, profile: str) -> Iterator[tuple[str, str]]:
    """Method and URL of every request of the flows that is sent with the profile."""
    for flow in application.flows.values():
        for node in flow.nodes.values():
            authentication = getattr(node, "authentication", None)
            if getattr(authentication, "profile", None) == profile:
                yield getattr(node, "method", "GET"), getattr(node, "url", "")
