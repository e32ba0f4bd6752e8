"""The organization itself, its domain, and the product it subscribes to."""

from __future__ import annotations

from graphwright_sandbox.graph.errors import resource_not_found
from graphwright_sandbox.graph.licenses import sku_record
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
)
from graphwright_sandbox.workloads.directory.entities import (
    DOMAIN,
    ORGANIZATION,
    SUBSCRIBED_SKU,
)

_LIMITS = Limits(default=100, maximum=999, opaque=True)
_SERVICES = ["Email", "OfficeCommunicationsOnline"]


class Organization:
    def __init__(self, context: GraphContext) -> None:
        self._tenant = context.tenant

    def list_organizations(self, request: GraphRequest) -> GraphResponse:
        view = View(ORGANIZATION)
        return answer_collection(request, view, [self._organization()], "organization", _LIMITS)

    def get_organization(self, request: GraphRequest) -> GraphResponse:
        if request.keys["organization"].lower() != self._tenant.id:
            raise resource_not_found(request.keys["organization"])
        return answer_entity(request, View(ORGANIZATION), self._organization(), "organization")

    def list_domains(self, request: GraphRequest) -> GraphResponse:
        return answer_collection(request, View(DOMAIN), [self._domain()], "domains", _LIMITS)

    def get_domain(self, request: GraphRequest) -> GraphResponse:
        if request.keys["domain"].lower() != self._tenant.domain:
            raise resource_not_found(request.keys["domain"])
        return answer_entity(request, View(DOMAIN), self._domain(), "domains")

    def list_skus(self, request: GraphRequest) -> GraphResponse:
        view = View(SUBSCRIBED_SKU)
        return answer_collection(request, view, [self._sku()], "subscribedSkus", _LIMITS)

    def get_sku(self, request: GraphRequest) -> GraphResponse:
        record = self._sku()
        if request.keys["sku"].lower() != record["id"]:
            raise resource_not_found(request.keys["sku"])
        return answer_entity(request, View(SUBSCRIBED_SKU), record, "subscribedSkus")

    def _organization(self) -> Record:
        return {
            "id": self._tenant.id,
            "deletedDateTime": None,
            "businessPhones": ["+49 30 555 0100"],
            "city": "Berlin",
            "country": None,
            "countryLetterCode": "DE",
            "createdDateTime": "2018-11-05T09:00:00Z",
            "defaultUsageLocation": None,
            "displayName": self._tenant.display_name,
            "marketingNotificationEmails": [],
            "mobileDeviceManagementAuthority": "unknown",
            "onPremisesLastSyncDateTime": None,
            "onPremisesSyncEnabled": None,
            "partnerTenantType": None,
            "postalCode": "10117",
            "preferredLanguage": "en",
            "privacyProfile": None,
            "securityComplianceNotificationMails": [],
            "securityComplianceNotificationPhones": [],
            "state": None,
            "street": None,
            "technicalNotificationMails": [],
            "tenantType": "AAD",
            "assignedPlans": [],
            "provisionedPlans": [],
            "verifiedDomains": [
                {
                    "capabilities": ", ".join(_SERVICES),
                    "isDefault": True,
                    "isInitial": True,
                    "name": self._tenant.domain,
                    "type": "Managed",
                }
            ],
        }

    def _domain(self) -> Record:
        return {
            "id": self._tenant.domain,
            "authenticationType": "Managed",
            "availabilityStatus": None,
            "isAdminManaged": True,
            "isDefault": True,
            "isInitial": True,
            "isRoot": True,
            "isVerified": True,
            "manufacturer": None,
            "model": None,
            "passwordNotificationWindowInDays": None,
            "passwordValidityPeriodInDays": 2147483647,
            "state": None,
            "supportedServices": list(_SERVICES),
        }

    def _sku(self) -> Record:
        seats = len(self._tenant.people)
        return sku_record(self._tenant.id, self._tenant.people.with_mailbox, seats + 25)
