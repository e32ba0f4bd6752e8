"""What to do in the Entra admin center for one profile, step by step, filled in with its values.

Pure text (Markdown) from a setup guide; the guide knows what is needed, this says where to click.
"""

from collections.abc import Iterator

from graphwright.profiles.setup_guide import SetupGuide

_CENTER = "https://entra.microsoft.com"


def describe_steps(guide: SetupGuide) -> list[str]:
    """The instructions in order."""
    return list(_user(guide) if guide.flavour == "user" else _application(guide))


def _user(guide: SetupGuide) -> Iterator[str]:
    platform = guide.redirect_urls[0].platform
    yield (
        f"Open the [Entra admin center]({_CENTER}) as somebody who may register applications, then "
        "**App registrations → New registration**. Take a name that your users will recognise, and "
        "*Accounts in this organizational directory only*."
    )
    yield (
        f"**Redirect URI**: platform **{platform}**, and the URL "
        f"`{guide.redirect_urls[0].url}`. Then **Register**."
    )
    yield from _ids(guide)
    others = "".join(f"\n- `{one.url}` ({one.purpose})" for one in guide.redirect_urls[1:])
    if others:
        yield (
            f"**Authentication → {platform} → Add URI**, for tests in the modeler too:{others}\n\n"
            "Tick nothing under *Implicit grant*."
        )
    yield from _secret(guide)
    wanted = _listed([*guide.scopes, *(p.name for p in guide.permissions if not p.covered)])
    yield (
        "**API permissions → Add a permission → Microsoft Graph → Delegated permissions.** Tick "
        f"{wanted or '`User.Read`'}, and **Add permissions**."
    )
    yield (
        "Where your tenant does not let users consent themselves: **Grant admin consent** on the same "
        f"page{_link(guide)}."
    )


def _application(guide: SetupGuide) -> Iterator[str]:
    yield (
        f"Open the [Entra admin center]({_CENTER}) as somebody who may register applications, then "
        "**App registrations → New registration**: a name, *Accounts in this organizational directory "
        "only*, and **no redirect URI**. Then **Register**."
    )
    yield from _ids(guide)
    yield from _secret(guide)
    wanted = _listed(p.name for p in guide.permissions)
    yield (
        "**API permissions → Add a permission → Microsoft Graph → Application permissions.** "
        + (f"Tick {wanted}" if wanted else "Tick what the application's requests will need")
        + ", and no more: they hold for the whole tenant."
    )
    yield (
        f"**Grant admin consent**{_link(guide)}. Without it every request answers 403; for the "
        "application nobody else can consent."
    )


def _ids(guide: SetupGuide) -> Iterator[str]:
    yield (
        "The overview shows two ids. *Directory (tenant) ID* is the profile's **tenant** "
        f"(now `{guide.tenant}`), *Application (client) ID* its **client id** (now `{guide.client_id}`)."
    )


def _secret(guide: SetupGuide) -> Iterator[str]:
    if guide.secrets:
        yield (
            "**Certificates & secrets → Client secrets → New client secret.** Copy its **Value** at "
            f"once (not the *Secret ID*), and type it here as {_listed(guide.secrets)}. Note when it "
            "expires."
        )


def _link(guide: SetupGuide) -> str:
    if guide.admin_consent_url is None:
        return ""
    return f", or send an administrator [this link]({guide.admin_consent_url})"


def _listed(names: "Iterator[str] | list[str] | tuple[str, ...]") -> str:
    return ", ".join(f"`{name}`" for name in dict.fromkeys(names))
