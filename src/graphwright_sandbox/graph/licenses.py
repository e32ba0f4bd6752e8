"""The one product the tenant subscribes to, its service plans, and whom it gives a mailbox."""

from graphwright_sandbox.graph.directory_records import SKU_ID
from graphwright_sandbox.graph.request import Record

SKU_PART_NUMBER = "ENTERPRISEPACK"
_PLANS = (
    ("efb87545-963c-4e0d-99df-69c6916d9eb0", "EXCHANGE_S_ENTERPRISE"),
    ("5dbe027f-2339-4123-9542-606e4d348a72", "SHAREPOINTENTERPRISE"),
    ("57ff2da0-773e-42df-b2af-ffb7a2317929", "TEAMS1"),
    ("b737dad2-2f6c-4c65-90e3-ca563267e8b9", "PROJECTWORKMANAGEMENT"),
)
PLAN_IDS = frozenset(identifier for identifier, _ in _PLANS)
EXCHANGE_PLAN_ID = _PLANS[0][0]


def service_plans(disabled: frozenset[str] = frozenset()) -> list[Record]:
    """The plans of the product, as `servicePlanInfo`."""
    return [
        {
            "servicePlanId": identifier,
            "servicePlanName": name,
            "provisioningStatus": "Disabled" if identifier in disabled else "Success",
            "appliesTo": "User",
        }
        for identifier, name in _PLANS
    ]


def sku_record(tenant_id: str, consumed: int, bought: int) -> Record:
    """The subscription, with how many of its seats are taken."""
    return {
        "id": f"{tenant_id}_{SKU_ID}",
        "accountId": tenant_id,
        "accountName": SKU_PART_NUMBER.lower(),
        "appliesTo": "User",
        "capabilityStatus": "Enabled",
        "consumedUnits": consumed,
        "prepaidUnits": {"enabled": bought, "suspended": 0, "warning": 0, "lockedOut": 0},
        "servicePlans": service_plans(),
        "skuId": SKU_ID,
        "skuPartNumber": SKU_PART_NUMBER,
        "subscriptionIds": [],
    }


def has_mailbox(licenses: list[Record]) -> bool:
    """Whether these `assignedLicenses` give their holder a mailbox."""
    return any(EXCHANGE_PLAN_ID not in one.get("disabledPlans", ()) for one in licenses)
