"""What Outlook itself knows: the time zones and the languages a mailbox may be set to."""

from datetime import datetime

from tzlocal.windows_tz import win_tz

from graphwright_sandbox.graph.errors import bad_request
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record
from graphwright_sandbox.graph.routing import Operation
from graphwright_sandbox.graph.time_zones import find_zone

_LANGUAGES = {
    "ar-EG": "العربية (مصر)",
    "de-DE": "Deutsch (Deutschland)",
    "el-GR": "Ελληνικά (Ελλάδα)",
    "en-GB": "English (United Kingdom)",
    "en-NZ": "English (New Zealand)",
    "en-US": "English (United States)",
    "fr-FR": "français (France)",
    "hi-IN": "हिन्दी (भारत)",
    "ja-JP": "日本語 (日本)",
    "pt-BR": "português (Brasil)",
    "ru-RU": "русский (Россия)",
}


def outlook_operations() -> list[Operation]:
    base = "/users/{user}/outlook"
    zones = f"{base}/supportedTimeZones"
    return [
        Operation("GET", f"{base}/supportedLanguages", list_languages),
        Operation("GET", zones, list_time_zones),
        Operation("GET", f"{zones}(TimeZoneStandard={{standard}})", list_time_zones),
    ]


def list_languages(request: GraphRequest) -> GraphResponse:
    value = [{"locale": locale, "displayName": name} for locale, name in _LANGUAGES.items()]
    context = request.context("Collection(microsoft.graph.localeInfo)")
    return GraphResponse(200, {"@odata.context": context, "value": value})


def list_time_zones(request: GraphRequest) -> GraphResponse:
    """Windows names with their offsets, or the IANA names of the same zones."""
    standard = request.keys.get("standard", "Windows").rpartition(".")[2].lower()
    standard = standard.removeprefix("timezonestandard").strip("'")
    if standard not in ("windows", "iana"):
        raise bad_request("The time zone standard needs to be 'Windows' or 'Iana'.")
    names = sorted(win_tz) if standard == "windows" else sorted(set(win_tz.values()))
    value: list[Record] = [{"alias": name, "displayName": _shown(name, request)} for name in names]
    context = request.context("Collection(microsoft.graph.timeZoneInformation)")
    return GraphResponse(200, {"@odata.context": context, "value": value})


def _shown(name: str, request: GraphRequest) -> str:
    """The offset as it stands in January, as Outlook shows it, and the name."""
    january = datetime(request.now.year, 1, 1, tzinfo=find_zone(name))
    offset = january.strftime("%z")
    return f"(UTC{offset[:3]}:{offset[3:5]}) {name}"
