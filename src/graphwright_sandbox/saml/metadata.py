"""The metadata of the identity provider: its keys, and where requests are sent.

It must not know requests nor sessions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lxml import etree
from lxml.builder import ElementMaker

from graphwright_sandbox.saml import names
from graphwright_sandbox.saml.responses import issuer_of, new_id
from graphwright_sandbox.saml.signatures import Identity, sign
from graphwright_sandbox.tenant import Tenant

_md = ElementMaker(namespace=names.MD, nsmap={None: names.MD, "ds": names.DS})
_ds = ElementMaker(namespace=names.DS, nsmap={"ds": names.DS})


def build_metadata(tenant: Tenant, url: str, identities: Sequence[Identity]) -> bytes:
    """The signed document of a tenant; `url` takes sign-on and logout, the first identity signs."""
    provider = _md.IDPSSODescriptor(protocolSupportEnumeration=names.SAMLP)
    for identity in identities:
        provider.append(_key(identity))
    provider.append(_md.SingleLogoutService(Binding=names.REDIRECT, Location=url))
    for name_format in names.NAME_ID_FORMATS.values():
        provider.append(_md.NameIDFormat(name_format))
    for binding in (names.REDIRECT, names.POST):
        provider.append(_md.SingleSignOnService(Binding=binding, Location=url))
    document = _md.EntityDescriptor(provider, ID=new_id(), entityID=issuer_of(tenant))
    sign(document, identities[0])
    return bytes(etree.tostring(document, xml_declaration=True, encoding="utf-8"))


def _key(identity: Identity) -> Any:
    certificate = _ds.X509Certificate(identity.certificate_base64)
    info = _ds.KeyInfo(_ds.X509Data(certificate))
    return _md.KeyDescriptor(info, use="signing")
