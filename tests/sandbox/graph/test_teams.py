"""Microsoft Teams of the sandbox: teams, channels and who is in them."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.applications import Starlette

from tests.sandbox.graph.calls import TENANT, Answer, Graph, error_code, person

TEAM = "Team.ReadBasic.All TeamSettings.ReadWrite.All Team.Create TeamMember.ReadWrite.All"
CHANNEL = "Channel.ReadBasic.All Channel.Create Channel.Delete.All ChannelSettings.ReadWrite.All"
SCOPES = f"{TEAM} {CHANNEL} ChannelMember.ReadWrite.All Group.ReadWrite.All"
NOAH, OLIVIA, JONAS, AVA = (
    person(name).id for name in ("noah.kim", "olivia.brandt", "jonas.mueller", "ava.ramirez")
)
GROUPS = {group.mail_nickname: group.id for group in TENANT.groups}
ENGINEERING = GROUPS["engineering"]
MEMBER = "#microsoft.graph.aadUserConversationMember"
STANDARD = "https://graph.microsoft.com/v1.0/teamsTemplates('standard')"


@pytest.fixture
def owner(sign_in: Callable[..., Graph]) -> Graph:
    """The owner of the team Engineering."""
    return sign_in("jonas.mueller", SCOPES)


@pytest.fixture
def member(sign_in: Callable[..., Graph]) -> Graph:
    return sign_in("noah.kim", SCOPES)


@pytest.fixture
def outsider(sign_in: Callable[..., Graph]) -> Graph:
    return sign_in("ava.ramirez", SCOPES)


def refusal(answer: Answer) -> tuple[int, str]:
    return answer.status_code, error_code(answer)


def user(identifier: str, *roles: str) -> dict[str, Any]:
    url = f"https://graph.microsoft.com/v1.0/users('{identifier}')"
    return {"@odata.type": MEMBER, "roles": list(roles), "user@odata.bind": url}


def new_team(graph: Graph, **more: Any) -> str:
    body = {"template@odata.bind": STANDARD, "displayName": "Atlas", "description": "Maps", **more}
    answer = graph.post("/teams", body)
    assert answer.status_code == 202, answer.text
    return str(answer.headers["content-location"].split("'")[1])


def test_a_person_sees_the_teams_of_the_own_groups(member: Graph, outsider: Graph) -> None:
    joined = member.value("/me/joinedTeams")
    assert [(one["id"], one["displayName"]) for one in joined] == [(ENGINEERING, "Engineering")]
    assert joined[0]["visibility"] == "public"
    assert joined[0]["isArchived"] is False
    theirs = outsider.value(f"/users/{NOAH}/joinedTeams?$select=id")
    assert theirs == [{"id": ENGINEERING}]


def test_only_members_see_a_team(member: Graph, outsider: Graph) -> None:
    team = member.get(f"/teams/{ENGINEERING}?$expand=members").json()
    assert {one["userId"] for one in team["members"]} >= {NOAH, JONAS}
    for path in ("", "/channels", "/members", "/primaryChannel", "/installedApps"):
        assert refusal(outsider.get(f"/teams/{ENGINEERING}{path}")) == (403, "Forbidden")


def test_what_is_no_team_is_refused_as_teams_does(member: Graph) -> None:
    assert refusal(member.get("/teams/engineering")) == (400, "BadRequest")
    answer = member.get(f"/teams/{GROUPS['legal']}")
    assert refusal(answer) == (404, "NotFound")
    assert GROUPS["legal"] in answer.json()["error"]["message"]


def test_a_team_is_made_and_its_operation_succeeds(member: Graph) -> None:
    answer = member.post(
        "/teams",
        {
            "template@odata.bind": STANDARD,
            "displayName": "Atlas 2027",
            "visibility": "private",
            "members": [user(OLIVIA), user(JONAS, "owner")],
            "channels": [{"displayName": "Sheets"}],
            "memberSettings": {"allowDeleteChannels": False},
        },
    )
    assert (answer.status_code, answer.content) == (202, b"")
    operation = member.get(answer.headers["location"]).json()
    assert (operation["status"], operation["operationType"]) == ("succeeded", "createTeam")
    team_id = operation["targetResourceId"]
    team = member.get(f"/teams/{team_id}").json()
    assert (team["displayName"], team["visibility"]) == ("Atlas 2027", "private")
    assert team["memberSettings"]["allowDeleteChannels"] is False
    assert team["memberSettings"]["allowCreateUpdateChannels"] is True
    roles = {one["userId"]: one["roles"] for one in member.value(f"/teams/{team_id}/members")}
    assert roles == {OLIVIA: [], JONAS: ["owner"], NOAH: ["owner"]}
    channels = member.value(f"/teams/{team_id}/channels")
    assert [one["displayName"] for one in channels] == ["General", "Sheets"]


def test_an_application_names_the_owner_of_a_new_team(application: Callable[[str], Graph]) -> None:
    app = application("Team.Create Team.ReadBasic.All")
    body = {"template@odata.bind": STANDARD, "displayName": "Robots"}
    assert refusal(app.post("/teams", body)) == (400, "BadRequest")
    answer = app.post("/teams", {**body, "members": [user(OLIVIA, "owner")]})
    assert answer.status_code == 202
    assert app.get(answer.headers["location"]).json()["status"] == "succeeded"


BAD_TEAMS: list[tuple[dict[str, Any], int, str]] = [
    ({"template@odata.bind": None}, 400, "BadRequest"),
    ({"template@odata.bind": "https://x.example/teams/1"}, 400, "BadRequest"),
    ({"template@odata.bind": STANDARD.replace("standard", "circus")}, 404, "NotFound"),
    ({"displayName": ""}, 400, "BadRequest"),
    ({"displayName": 5}, 400, "RequestBodyRead"),
    ({"members": [user("nobody")]}, 404, "NotFound"),
    ({"members": [user(NOAH, "king")]}, 400, "BadRequest"),
    ({"members": [{"roles": []}]}, 400, "BadRequest"),
    ({"members": {}}, 400, "RequestBodyRead"),
    ({"channels": [{"displayName": ""}]}, 400, "BadRequest"),
    ({"funSettings": {"giphyContentRating": "wild"}}, 400, "RequestBodyRead"),
    ({"@microsoft.graph.teamCreationMode": "migration"}, 400, "BadRequest"),
]


def test_a_bad_team_is_refused_and_not_made(member: Graph) -> None:
    for change, status, code in BAD_TEAMS:
        body = {"template@odata.bind": STANDARD, "displayName": "Bad", **change}
        body = {name: value for name, value in body.items() if value is not None}
        assert refusal(member.post("/teams", body)) == (status, code), change
    assert len(member.value("/me/joinedTeams")) == 1


def test_a_group_is_given_a_team_once(sign_in: Callable[..., Graph]) -> None:
    legal = sign_in("elena.papadopoulou", SCOPES)
    path = f"/groups/{GROUPS['legal']}/team"
    assert refusal(sign_in("nikos.georgiou", SCOPES).request("PUT", path, json={})) == (
        403,
        "Forbidden",
    )
    answer = legal.request("PUT", path, json={"funSettings": {"giphyContentRating": "strict"}})
    assert answer.status_code == 201, answer.text
    assert answer.json()["funSettings"]["giphyContentRating"] == "strict"
    assert legal.get(path).json()["id"] == GROUPS["legal"]
    assert refusal(legal.request("PUT", path, json={})) == (409, "Conflict")
    security = sign_in("jonas.mueller", SCOPES).request(
        "PUT", f"/groups/{GROUPS['vpnusers']}/team", json={}
    )
    assert refusal(security) == (400, "BadRequest")


def test_only_owners_change_a_team(owner: Graph, member: Graph) -> None:
    path = f"/teams/{ENGINEERING}"
    body = {"displayName": "Makers", "memberSettings": {"allowCreatePrivateChannels": False}}
    assert refusal(member.patch(path, body)) == (403, "Forbidden")
    assert owner.patch(path, body).status_code == 204
    assert owner.get(path).json()["displayName"] == "Makers"
    assert refusal(owner.patch(path, {"displayName": " "})) == (400, "BadRequest")
    private = {"displayName": "Secret", "membershipType": "private"}
    assert refusal(member.post(f"{path}/channels", private)) == (403, "Forbidden")
    assert owner.post(f"{path}/channels", private).status_code == 201


def test_an_archived_team_takes_nothing_new_until_it_is_back(owner: Graph, member: Graph) -> None:
    path = f"/teams/{ENGINEERING}"
    answer = owner.request("POST", f"{path}/archive")
    assert answer.status_code == 202
    assert owner.get(answer.headers["location"]).json()["operationType"] == "archiveTeam"
    assert owner.get(path).json()["isArchived"] is True
    channel = {"displayName": "Late"}
    assert refusal(member.post(f"{path}/channels", channel)) == (403, "Forbidden")
    general = member.get(f"{path}/primaryChannel").json()["id"]
    messages = f"{path}/channels/{general}/messages"
    late = {"body": {"content": "x"}}
    assert refusal(member.post(messages, late)) == (403, "Forbidden")
    first = f"{messages}/{member.value(messages)[0]['id']}"
    like = {"reactionType": "like"}
    assert refusal(member.post(f"{first}/setReaction", like)) == (403, "Forbidden")
    assert owner.request("POST", f"{path}/unarchive").status_code == 202
    assert member.post(f"{first}/setReaction", like).status_code == 204
    assert member.post(f"{path}/channels", channel).status_code == 201


def test_members_are_added_made_owners_and_removed(owner: Graph, member: Graph) -> None:
    path = f"/teams/{ENGINEERING}/members"
    assert refusal(member.post(path, user(AVA))) == (403, "Forbidden")
    added = owner.post(path, user("ava.ramirez@northwind.example"))
    assert (added.status_code, added.json()["userId"]) == (201, AVA)
    one = f"{path}/{added.json()['id']}"
    assert owner.patch(one, {"roles": ["owner"]}).json()["roles"] == ["owner"]
    assert owner.get(one).json()["displayName"] == "Ava Ramírez"
    found = owner.value(
        f"{path}?$filter=(microsoft.graph.aadUserConversationMember/userId eq '{AVA}')"
    )
    assert [member["id"] for member in found] == [added.json()["id"]]
    assert owner.delete(one).status_code == 204
    assert refusal(owner.get(one)) == (404, "NotFound")
    assert refusal(owner.get(f"{path}/nonsense")) == (400, "BadRequest")


def test_several_members_are_added_at_once_and_the_last_owner_stays(owner: Graph) -> None:
    path = f"/teams/{ENGINEERING}/members"
    many = owner.post(f"{path}/add", {"values": [user(AVA), user(person("mateo.silva").id)]})
    assert [one["error"] for one in many.json()["value"]] == [None, None]
    assert refusal(owner.post(f"{path}/add", {"values": []})) == (400, "BadRequest")
    some = owner.post(f"{path}/add", {"values": [user("nobody"), 5, user(OLIVIA)]})
    assert some.status_code == 207
    errors = [one["error"] and one["error"]["code"] for one in some.json()["value"]]
    assert errors == ["NotFound", "BadRequest", None]
    less = owner.post(f"{path}/remove", {"values": [user(AVA), user(AVA)]})
    assert less.status_code == 207
    assert [one["error"] and one["error"]["code"] for one in less.json()["value"]] == [
        None,
        "NotFound",
    ]
    me = next(one for one in owner.value(path) if one["userId"] == JONAS)
    assert refusal(owner.delete(f"{path}/{me['id']}")) == (400, "BadRequest")
    assert refusal(owner.patch(f"{path}/{me['id']}", {"roles": []})) == (400, "BadRequest")


def test_channels_are_listed_as_far_as_one_is_in_them(owner: Graph, member: Graph) -> None:
    path = f"/teams/{ENGINEERING}/channels"
    names = [one["displayName"] for one in owner.value(path)]
    assert names == ["General", "Tile server", "Releases", "On call"]
    private = owner.value(f"{path}?$filter=membershipType eq 'private'")
    assert [one["displayName"] for one in private] == ["On call"]
    stranger = "/teams/" + ENGINEERING
    oncall = {one["userId"] for one in owner.value(f"{path}/{private[0]['id']}/members")}
    everybody = {one["userId"] for one in member.value(f"{stranger}/members")}
    assert oncall < everybody
    primary = member.get(f"{stranger}/primaryChannel").json()
    assert primary["displayName"] == "General"
    assert member.get(f"{path}/{primary['id']}").json()["id"] == primary["id"]


def test_a_channel_is_created_renamed_and_deleted(member: Graph) -> None:
    path = f"/teams/{ENGINEERING}/channels"
    made = member.post(path, {"displayName": "Ideas", "description": "Wild ones"})
    assert made.status_code == 201
    one = f"{path}/{made.json()['id']}"
    assert refusal(member.post(path, {"displayName": "ideas"})) == (400, "BadRequest")
    assert member.patch(one, {"displayName": "Plans"}).status_code == 204
    assert member.get(one).json()["displayName"] == "Plans"
    assert member.delete(one).status_code == 204
    assert refusal(member.get(one)) == (404, "NotFound")
    general = f"{path}/{member.get(f'/teams/{ENGINEERING}/primaryChannel').json()['id']}"
    assert refusal(member.delete(general)) == (400, "BadRequest")
    assert refusal(member.patch(general, {"displayName": "Lobby"})) == (400, "BadRequest")


def test_a_private_channel_has_members_of_its_own(
    member: Graph, sign_in: Callable[..., Graph]
) -> None:
    path = f"/teams/{ENGINEERING}/channels"
    body = {"displayName": "Two of us", "membershipType": "private", "members": [user(OLIVIA)]}
    one = f"{path}/{member.post(path, body).json()['id']}"
    roles = {each["userId"]: each["roles"] for each in member.value(f"{one}/members")}
    assert roles == {OLIVIA: [], NOAH: ["owner"]}
    olivia, jonas = sign_in("olivia.brandt", SCOPES), sign_in("jonas.mueller", SCOPES)
    assert refusal(jonas.get(one)) == (403, "Forbidden")
    assert refusal(olivia.post(f"{one}/members", user(JONAS))) == (403, "Forbidden")
    assert refusal(member.post(f"{one}/members", user(AVA))) == (400, "BadRequest")
    assert member.post(f"{one}/members", user(JONAS)).status_code == 201
    assert jonas.get(one).status_code == 200
    general = f"{path}/{member.get(f'/teams/{ENGINEERING}/primaryChannel').json()['id']}"
    assert refusal(jonas.post(f"{general}/members", user(AVA))) == (400, "BadRequest")


def test_a_shared_channel_is_ready_in_a_moment(member: Graph) -> None:
    body = {"displayName": "With others", "membershipType": "shared"}
    answer = member.post(f"/teams/{ENGINEERING}/channels", body)
    assert answer.status_code == 202
    channel = answer.headers["content-location"]
    # `shared` came after `unknownFutureValue`: it is told to those who ask for such members.
    assert member.get(channel).json()["membershipType"] == "unknownFutureValue"
    told = member.get(channel, Prefer="include-unknown-enum-members")
    assert told.json()["membershipType"] == "shared"
    assert told.headers["preference-applied"] == "include-unknown-enum-members"


def test_a_shared_channel_may_have_members_from_outside(member: Graph, outsider: Graph) -> None:
    body = {"displayName": "Open", "membershipType": "shared"}
    answer = member.post(f"/teams/{ENGINEERING}/channels", body)
    channel = answer.headers["content-location"]
    assert refusal(outsider.get(channel)) == (403, "Forbidden")
    assert member.post(f"{channel}/members", user(AVA)).status_code == 201
    assert outsider.get(channel).json()["displayName"] == "Open"
    assert outsider.value(f"{channel}/messages") == []
    assert refusal(outsider.get(f"/teams/{ENGINEERING}/channels")) == (403, "Forbidden")


BAD_CHANNELS: list[tuple[dict[str, Any], str]] = [
    ({}, "BadRequest"),
    ({"displayName": "a/b"}, "BadRequest"),
    ({"displayName": "x" * 51}, "BadRequest"),
    ({"displayName": "x", "membershipType": "secret"}, "RequestBodyRead"),
    ({"displayName": "x", "members": [user(NOAH)]}, "BadRequest"),
    ({"displayName": "x", "colour": "red"}, "RequestBodyRead"),
]


def test_a_bad_channel_is_refused(member: Graph) -> None:
    for body, code in BAD_CHANNELS:
        answer = member.post(f"/teams/{ENGINEERING}/channels", body)
        assert refusal(answer) == (400, code), body


def test_apps_and_tabs_are_read(member: Graph) -> None:
    apps = member.value(f"/teams/{ENGINEERING}/installedApps?$expand=teamsApp,teamsAppDefinition")
    assert {one["teamsApp"]["displayName"] for one in apps} >= {"Website"}
    assert member.get(f"/teams/{ENGINEERING}/installedApps/{apps[0]['id']}").json() == {
        "@odata.context": "http://testserver/v1.0/$metadata#teams('"
        f"{ENGINEERING}')/installedApps/$entity",
        "id": apps[0]["id"],
        "consentedPermissionSet": {"resourceSpecificPermissions": []},
    }
    website = "teamsApp/id eq 'com.microsoft.teamspace.tab.web'"
    found = member.value(f"/teams/{ENGINEERING}/installedApps?$filter={website}")
    assert [one["id"] for one in found] == [apps[0]["id"]]
    channel = member.get(f"/teams/{ENGINEERING}/primaryChannel").json()["id"]
    tabs = member.value(f"/teams/{ENGINEERING}/channels/{channel}/tabs?$expand=teamsApp")
    assert tabs[0]["teamsApp"]["displayName"] == "Website"
    assert tabs[0]["configuration"]["contentUrl"] == "https://northwind.example/atlas"
    assert refusal(member.get(f"/teams/{ENGINEERING}/channels/{channel}/tabs/x")) == (
        404,
        "NotFound",
    )


def test_a_channel_has_a_folder_in_the_site_of_its_team(sign_in: Callable[..., Graph]) -> None:
    member = sign_in("noah.kim", f"{SCOPES} Files.ReadWrite.All")
    path = f"/teams/{ENGINEERING}/channels"
    primary = member.get(f"/teams/{ENGINEERING}/primaryChannel").json()["id"]
    folder = member.get(f"{path}/{primary}/filesFolder").json()
    assert folder["name"] == "General"
    drive = folder["parentReference"]["driveId"]
    inside = member.value(f"/drives/{drive}/items/{folder['id']}/children")
    assert {"Plan.md", "Contract.docx"} <= {one["name"] for one in inside}
    new = member.post(path, {"displayName": "Drafts"}).json()["id"]
    made = member.get(f"{path}/{new}/filesFolder").json()
    assert member.get(f"/drives/{drive}/items/{made['id']}").json()["name"] == "Drafts"
    private = member.post(path, {"displayName": "Secret", "membershipType": "private"}).json()
    assert refusal(member.get(f"{path}/{private['id']}/filesFolder")) == (404, "NotFound")


def test_teams_needs_its_permissions(sign_in: Callable[..., Graph]) -> None:
    answer = sign_in("noah.kim", "User.Read").get(f"/teams/{ENGINEERING}")
    assert refusal(answer) == (403, "Forbidden")
    assert "Team.ReadBasic.All" in answer.json()["error"]["message"]
    assert "Scopes on the request 'User.Read'" in answer.json()["error"]["message"]


def test_teams_are_told_as_groups_and_as_teams(app: Starlette, member: Graph) -> None:
    told: list[tuple[str, str]] = []
    app.state.context.changes.on_change(lambda change: told.append((change.resource, change.kind)))
    team = new_team(member)
    assert told[0] == (f"groups/{team}", "created")
    assert told[-1] == (f"teams/{team}", "created")
    member.post(f"/teams/{team}/channels", {"displayName": "More"})
    assert told[-1][0].startswith(f"teams/{team}/channels/19:")
