"""How people appear in SharePoint: as the makers of things, and in the address of their site."""

from graphwright_sandbox.sharepoint.models import Identity
from graphwright_sandbox.tenant import Person


def person_identity(person: Person) -> Identity:
    """Somebody as an identitySet."""
    return {"user": {"email": person.mail, "id": person.id, "displayName": person.display_name}}


def personal_name(person: Person) -> str:
    """The last part of the address of somebody's personal site."""
    return person.user_principal_name.lower().replace("@", "_").replace(".", "_")
