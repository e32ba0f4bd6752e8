"""MSAL for Python: every flow it has, then Graph by plain requests."""

import os

import msal
import requests

GRAPH = "https://graph.microsoft.com/v1.0"
AUTHORITY = f"https://login.microsoftonline.com/{os.environ['TENANT_ID']}"
SCOPES = ["User.Read", "Calendars.ReadWrite", "Mail.ReadWrite", "Files.ReadWrite.All"]


def token_of(result: dict) -> str:
    assert "access_token" in result, result
    return result["access_token"]


def call(token: str, method: str, path: str, **options) -> requests.Response:
    url = path if path.startswith("https:") else GRAPH + path
    answer = requests.request(
        method, url, headers={"Authorization": f"Bearer {token}"}, timeout=30, **options
    )
    assert answer.status_code < 400, (method, path, answer.status_code, answer.text)
    return answer


def list_people(token: str) -> None:
    people, url = [], "/users?$top=15"
    while url:
        page = call(token, "GET", url).json()
        people += page["value"]
        url = page.get("@odata.nextLink")
    assert len(people) == 40, len(people)
    print("40 people in pages of 15")


def sign_in(client: msal.ConfidentialClientApplication) -> str:
    flow = client.initiate_auth_code_flow(SCOPES, redirect_uri="http://localhost:5000/callback")
    print("SIGN-IN", flow["auth_uri"], flush=True)
    answer = dict(part.split("=", 1) for part in input().split("?", 1)[1].split("&"))
    answer = {name: requests.utils.unquote(value) for name, value in answer.items()}
    signed_in = client.acquire_token_by_auth_code_flow(flow, answer)
    token_of(signed_in)
    assert signed_in["id_token_claims"]["preferred_username"] == os.environ["PERSON"]
    account = client.get_accounts()[0]
    token = token_of(client.acquire_token_silent(SCOPES, account, force_refresh=True))
    print("authorization code with PKCE, refreshed")
    return token


def sign_device_in() -> None:
    public = msal.PublicClientApplication(os.environ["PUBLIC_CLIENT_ID"], authority=AUTHORITY)
    device = public.initiate_device_flow(["User.Read"])
    print("DEVICE", device["verification_uri"], device["user_code"], flush=True)
    input()
    device["interval"] = 1
    token_of(public.acquire_token_by_device_flow(device))
    print("device code")


def change_mailbox(token: str) -> None:
    point = {"dateTime": "2030-01-07T09:00:00", "timeZone": "UTC"}
    event = call(token, "POST", "/me/events", json={"subject": "A", "start": point, "end": point})
    path = f"/me/events/{event.json()['id']}"
    assert call(token, "PATCH", path, json={"subject": "B"}).json()["subject"] == "B"
    call(token, "DELETE", path)
    message = call(token, "POST", "/me/messages", json={"subject": "A"}).json()
    path = f"/me/messages/{message['id']}"
    assert call(token, "PATCH", path, json={"isRead": True}).json()["isRead"] is True
    call(token, "DELETE", path)
    print("events and messages: created, changed, deleted")


def change_people(token: str) -> None:
    person = {
        "accountEnabled": True,
        "displayName": "New Person",
        "mailNickname": "new.person",
        "userPrincipalName": f"new.person@{os.environ['DOMAIN']}",
        "passwordProfile": {"password": "Xq7-hurdle-Pad"},
    }
    created = call(token, "POST", "/users", json=person).json()
    call(token, "PATCH", f"/users/{created['id']}", json={"jobTitle": "Surveyor"})
    call(token, "DELETE", f"/users/{created['id']}")
    print("users: created, changed, deleted")


def upload(token: str) -> None:
    content = os.urandom(10 * 1024 * 1024)
    session = call(token, "POST", "/me/drive/root:/ten.bin:/createUploadSession", json={}).json()
    step, item = 320 * 1024 * 10, None
    for start in range(0, len(content), step):
        part = content[start : start + step]
        span = f"bytes {start}-{start + len(part) - 1}/{len(content)}"
        put = requests.put(
            session["uploadUrl"], data=part, headers={"Content-Range": span}, timeout=60
        )
        assert put.status_code in (200, 201, 202), put.text
        item = put.json()
    assert item["size"] == len(content)
    assert call(token, "GET", f"/me/drive/items/{item['id']}/content").content == content
    call(token, "PATCH", f"/me/drive/items/{item['id']}", json={"name": "10.bin"})
    call(token, "DELETE", f"/me/drive/items/{item['id']}")
    print("10 MB uploaded, read back, renamed, deleted")


def send_batch(token: str) -> None:
    steps = [
        {"id": "1", "method": "GET", "url": "/me"},
        {"id": "2", "method": "GET", "url": "/me/events?$top=1", "dependsOn": ["1"]},
    ]
    batch = call(token, "POST", "/$batch", json={"requests": steps}).json()
    assert sorted(each["status"] for each in batch["responses"]) == [200, 200]
    print("batch")


def main() -> None:
    client = msal.ConfidentialClientApplication(
        os.environ["CLIENT_ID"],
        client_credential=os.environ["CLIENT_SECRET"],
        authority=AUTHORITY,
    )
    application = token_of(
        client.acquire_token_for_client(["https://graph.microsoft.com/.default"])
    )
    list_people(application)
    change_people(application)
    token = sign_in(client)
    sign_device_in()
    change_mailbox(token)
    upload(token)
    send_batch(token)


main()
