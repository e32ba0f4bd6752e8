"""Responses of Microsoft Graph, as mappings are made from them."""

from typing import Any


def event(number: int, day: int = 23) -> dict[str, Any]:
    """An event of calendarView with all its properties."""
    return {
        "@odata.etag": f'W/"{number}"',
        "id": f"AAMk{number}",
        "createdDateTime": "2026-11-01T08:00:00.1234560Z",
        "lastModifiedDateTime": "2026-11-02T08:00:00Z",
        "changeKey": "x5a",
        "categories": ["Red"],
        "transactionId": None,
        "originalStartTimeZone": "Pacific Standard Time",
        "originalEndTimeZone": "Pacific Standard Time",
        "iCalUId": "040000008200E000",
        "uid": "040000008200E000",
        "reminderMinutesBeforeStart": 15,
        "isReminderOn": True,
        "hasAttachments": False,
        "subject": f"Planning {number}",
        "bodyPreview": "Agenda",
        "importance": "normal",
        "sensitivity": "normal",
        "isAllDay": False,
        "isCancelled": False,
        "isOrganizer": True,
        "responseRequested": True,
        "seriesMasterId": None,
        "showAs": "busy",
        "type": "singleInstance",
        "webLink": "https://outlook.office365.com/owa/?itemid=AAMk",
        "onlineMeetingUrl": None,
        "isOnlineMeeting": False,
        "onlineMeetingProvider": "unknown",
        "allowNewTimeProposals": True,
        "occurrenceId": None,
        "isDraft": False,
        "hideAttendees": False,
        "recurrence": None,
        "onlineMeeting": None,
        "responseStatus": {"response": "organizer", "time": "0001-01-01T00:00:00Z"},
        "body": {"contentType": "html", "content": "<html><body>Agenda</body></html>"},
        "start": {"dateTime": f"2026-11-{day:02}T09:00:00.0000000", "timeZone": "UTC"},
        "end": {"dateTime": f"2026-11-{day:02}T10:00:00.0000000", "timeZone": "UTC"},
        "location": {
            "displayName": "Room 1",
            "locationType": "default",
            "uniqueId": "Room 1",
            "uniqueIdType": "private",
            "address": {},
            "coordinates": {},
        },
        "locations": [{"displayName": "Room 1", "locationType": "default"}],
        "attendees": [
            {
                "type": "required",
                "status": {"response": "none", "time": "0001-01-01T00:00:00Z"},
                "emailAddress": {"name": "Zoë", "address": "zoe@contoso.example"},
            }
        ],
        "organizer": {"emailAddress": {"name": "Ada", "address": "ada@contoso.example"}},
    }


def calendar_view(count: int = 3) -> dict[str, Any]:
    """A response of /me/calendarView."""
    context = "https://graph.microsoft.com/v1.0/$metadata#users('ada%40x')/calendarView(id,subject)"
    return {"@odata.context": context, "value": [event(n) for n in range(1, count + 1)]}


def messages() -> dict[str, Any]:
    """A response of /me/messages."""
    return {
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users('ada')/messages",
        "value": [
            {
                "id": "m1",
                "receivedDateTime": "2026-11-23T08:00:00Z",
                "hasAttachments": False,
                "subject": "Hello",
                "bodyPreview": "Good morning",
                "parentFolderId": "inbox",
                "isRead": False,
                "body": {"contentType": "html", "content": "<html><body>Good</body></html>"},
                "from": {"emailAddress": {"name": "Bo", "address": "bo@contoso.example"}},
            }
        ],
    }


def users() -> dict[str, Any]:
    """A response of /users."""
    return {
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users",
        "value": [
            {
                "businessPhones": ["+49 1"],
                "displayName": name,
                "givenName": name,
                "jobTitle": "Engineer",
                "mail": f"{name}@contoso.example",
                "mobilePhone": None,
                "officeLocation": "1",
                "preferredLanguage": None,
                "surname": "X",
                "userPrincipalName": f"{name}@contoso.example",
                "id": name,
            }
            for name in ("ada", "bo")
        ],
    }
