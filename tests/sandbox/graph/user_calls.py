"""What requests about people are made of."""

from typing import Any


def new_user(**more: Any) -> dict[str, Any]:
    return {
        "accountEnabled": True,
        "displayName": "Ada Adams",
        "mailNickname": "adaa",
        "userPrincipalName": "ada.adams@northwind.example",
        "passwordProfile": {"forceChangePasswordNextSignIn": False, "password": "Horse-7-battery"},
        **more,
    }
