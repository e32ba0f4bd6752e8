"""The delegated permissions of Microsoft Graph that the sandbox knows, with their consent texts.

It must not know which operation needs which permission: that is Microsoft Graph's matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graphwright_sandbox.tenant import Tenant

PROTOCOL_SCOPES = {
    "openid": "Sign you in",
    "profile": "View your basic profile",
    "email": "View your email address",
    "offline_access": "Maintain access to data you have given it access to",
}

_USER_CONSENT = {
    "User.Read": "Sign you in and read your profile",
    "User.ReadBasic.All": "Read all users' basic profiles",
    "User.ReadWrite": "Read and update your profile",
    "People.Read": "Read your relevant people list",
    "Calendars.Read": "Read your calendars",
    "Calendars.ReadBasic": "Read basic details of your calendars",
    "Calendars.Read.Shared": "Read calendars you can access",
    "Calendars.ReadWrite": "Have full access to your calendars",
    "Calendars.ReadWrite.Shared": "Read and write to your and shared calendars",
    "Mail.Read": "Read your mail",
    "Mail.ReadBasic": "Read your basic mail",
    "Mail.Read.Shared": "Read mail you can access",
    "Mail.ReadWrite": "Read and write access to your mail",
    "Mail.ReadWrite.Shared": "Read and write mail you can access",
    "Mail.Send": "Send mail as you",
    "Mail.Send.Shared": "Send mail on behalf of others or yourself",
    "MailboxSettings.Read": "Read your mailbox settings",
    "MailboxSettings.ReadWrite": "Read and write to your mailbox settings",
    "Contacts.Read": "Read your contacts",
    "Contacts.ReadWrite": "Have full access to your contacts",
    "Files.Read": "Read your files",
    "Files.Read.All": "Read all files that you have access to",
    "Files.ReadWrite": "Have full access to your files",
    "Files.ReadWrite.All": "Have full access to all files you have access to",
    "Sites.Read.All": "Read items in all site collections",
    "Sites.ReadWrite.All": "Edit or delete items in all site collections",
    "Tasks.Read": "Read your tasks",
    "Tasks.ReadWrite": "Create, read, update and delete your tasks and task lists",
    "Team.ReadBasic.All": "Read the names and descriptions of teams",
    "Channel.ReadBasic.All": "Read the names and descriptions of channels",
    "ChannelMessage.Send": "Send channel messages",
    "Chat.Read": "Read your chat messages",
    "Chat.ReadBasic": "Read names and members of your chat threads",
    "Chat.ReadWrite": "Read and write your chat messages",
    "Presence.Read": "Read your presence information",
    "Notes.Read": "Read your notebooks",
    "Notes.ReadWrite": "Read and write your notebooks",
}

_ADMIN_CONSENT = {
    "User.Read.All": "Read all users' full profiles",
    "User.ReadWrite.All": "Read and write all users' full profiles",
    "User.EnableDisableAccount.All": "Enable and disable user accounts",
    "Directory.Read.All": "Read directory data",
    "Directory.ReadWrite.All": "Read and write directory data",
    "Group.Read.All": "Read all groups",
    "Group.ReadWrite.All": "Read and write all groups",
    "GroupMember.Read.All": "Read group memberships",
    "GroupMember.ReadWrite.All": "Read and write group memberships",
    "Application.Read.All": "Read applications",
    "ChannelMessage.Read.All": "Read your channel messages",
    "ChannelMember.Read.All": "Read the members of channels",
    "TeamMember.Read.All": "Read the members of teams",
    "TeamSettings.Read.All": "Read teams' settings",
    "Sites.Manage.All": "Create, edit and delete items and lists in all site collections",
    "Sites.FullControl.All": "Have full control of all site collections",
    "People.Read.All": "Read all users' relevant people lists",
    "Presence.Read.All": "Read presence information of all users",
}


@dataclass(frozen=True, slots=True)
class Permission:
    """One permission as the consent page shows it."""

    name: str
    text: str
    needs_administrator: bool


class Permissions:
    """Every delegated permission of the tenant's Microsoft Graph, found in any casing."""

    def __init__(self, tenant: Tenant) -> None:
        names: Iterable[str] = (
            *_USER_CONSENT,
            *_ADMIN_CONSENT,
            *(name for app in tenant.app_registrations for name in app.delegated_permissions),
        )
        self._names = {name.lower(): name for name in names}

    def find(self, name: str) -> str | None:
        """The canonical name, or None where Microsoft Graph has no such permission."""
        return self._names.get(name.lower())


def describe(name: str) -> Permission:
    """What the consent page says about a delegated or application permission."""
    text = PROTOCOL_SCOPES.get(name) or _USER_CONSENT.get(name) or _ADMIN_CONSENT.get(name)
    return Permission(name, text or name, name in _ADMIN_CONSENT)
