"""Microsoft's clouds: which hosts belong to each. Knows no profile, no token and no request.

Source: https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
and https://learn.microsoft.com/graph/deployments
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cloud:
    """One of Microsoft's clouds: where one signs in, where Graph is, where its files come from."""

    authority: str
    graph: str
    transfer_hosts: frozenset[str]


CLOUDS = {
    "global": Cloud(
        "https://login.microsoftonline.com",
        "https://graph.microsoft.com",
        frozenset(
            {
                "*.sharepoint.com",
                "*.svc.ms",
                "*.1drv.com",
                "*.storage.live.com",
                "outlook.office.com",
                "outlook.office365.com",
                "*.blob.core.windows.net",
            }
        ),
    ),
    "usgov": Cloud(
        "https://login.microsoftonline.us",
        "https://graph.microsoft.us",
        frozenset({"*.sharepoint.us", "outlook.office365.us", "*.blob.core.usgovcloudapi.net"}),
    ),
    "usgov_dod": Cloud(
        "https://login.microsoftonline.us",
        "https://dod-graph.microsoft.us",
        frozenset(
            {
                "*.sharepoint-mil.us",
                "outlook-dod.office365.us",
                "*.blob.core.usgovcloudapi.net",
            }
        ),
    ),
    "china": Cloud(
        "https://login.partner.microsoftonline.cn",
        "https://microsoftgraph.chinacloudapi.cn",
        frozenset({"*.sharepoint.cn", "partner.outlook.cn", "*.blob.core.chinacloudapi.cn"}),
    ),
}
