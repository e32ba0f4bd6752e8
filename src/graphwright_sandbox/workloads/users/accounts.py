"""What an administrator does with an account besides its profile: password, sessions, licenses."""

from __future__ import annotations

from typing import Any

from graphwright_sandbox.graph.directory_errors import refused
from graphwright_sandbox.graph.directory_records import SKU_ID, user_record
from graphwright_sandbox.graph.directory_types import USER
from graphwright_sandbox.graph.errors import resource_not_found
from graphwright_sandbox.graph.licenses import PLAN_IDS, SKU_PART_NUMBER, service_plans
from graphwright_sandbox.graph.presentation import (
    Limits,
    View,
    answer_collection,
    answer_entity,
)
from graphwright_sandbox.graph.request import (
    GraphContext,
    GraphRequest,
    GraphResponse,
    Record,
    no_content,
)
from graphwright_sandbox.workloads.users.entities import LICENSE_DETAILS
from graphwright_sandbox.workloads.users.writes import UserWrites

_VIEW = View(LICENSE_DETAILS)
_LIMITS = Limits(default=100, maximum=999, opaque=True)


class Accounts:
    def __init__(self, context: GraphContext, writes: UserWrites) -> None:
        self._tenant = context.tenant
        self._writes = writes

    def change_password(self, request: GraphRequest) -> GraphResponse:
        given = request.read_parameters("currentPassword", "newPassword")
        current, new = given.get("currentpassword"), given.get("newpassword")
        if not isinstance(current, str) or not isinstance(new, str):
            raise refused("The parameters 'currentPassword' and 'newPassword' are required.")
        self._writes.change_password(request.person, current, new)
        return no_content()

    def revoke_sessions(self, request: GraphRequest) -> GraphResponse:
        self._writes.revoke_sessions(request, request.person)
        context = f"{request.root}/$metadata#Edm.Boolean"
        return GraphResponse(200, {"@odata.context": context, "value": True})

    def assign_license(self, request: GraphRequest) -> GraphResponse:
        """Gives and takes the product; the answer is the user."""
        given = request.read_parameters("addLicenses", "removeLicenses")
        added, removed = given.get("addlicenses"), given.get("removelicenses")
        if not isinstance(added, list) or not isinstance(removed, list):
            raise refused("The parameters 'addLicenses' and 'removeLicenses' are required.")
        record = user_record(request.person, self._tenant)
        if added and not record["usageLocation"]:
            raise refused("License assignment cannot be done for user with invalid usage location.")
        licenses = {one["skuId"]: one for one in record["assignedLicenses"]}
        for sku in removed:
            if not isinstance(sku, str) or sku not in licenses:
                raise refused(f"User does not have a corresponding license: {str(sku)[:100]}")
            del licenses[sku]
        for one in added:
            licenses[SKU_ID] = _read_license(one)
        person = self._writes.set_licenses(request.person, list(licenses.values()))
        view = View(USER)
        return answer_entity(request, view, user_record(person, self._tenant), "users")

    def list_licenses(self, request: GraphRequest) -> GraphResponse:
        path = request.mailbox_path("licenseDetails")
        return answer_collection(request, _VIEW, self._details(request), path, _LIMITS)

    def get_license(self, request: GraphRequest) -> GraphResponse:
        wanted = request.keys["license"]
        for record in self._details(request):
            if record["id"] == wanted:
                return answer_entity(request, _VIEW, record, request.mailbox_path("licenseDetails"))
        raise resource_not_found(wanted)

    def _details(self, request: GraphRequest) -> list[Record]:
        licenses = user_record(request.person, self._tenant)["assignedLicenses"]
        return [
            {
                "id": f"{request.person.id}_{one['skuId']}",
                "skuId": one["skuId"],
                "skuPartNumber": SKU_PART_NUMBER,
                "servicePlans": service_plans(frozenset(one["disabledPlans"])),
            }
            for one in licenses
        ]


def _read_license(value: Any) -> Record:
    """One entry of `addLicenses`."""
    sku = value.get("skuId") if isinstance(value, dict) else None
    if sku != SKU_ID:
        raise refused(f"License {str(sku)[:100]} does not correspond to a valid company License.")
    disabled = value.get("disabledPlans") or []
    if not isinstance(disabled, list) or not all(one in PLAN_IDS for one in disabled):
        raise refused("Invalid license plans have been specified to be disabled.")
    return {"skuId": sku, "disabledPlans": disabled}
