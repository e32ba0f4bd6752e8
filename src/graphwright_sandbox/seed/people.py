"""The forty people of the seeded company, as a table, and how a row becomes a person."""

import uuid
from datetime import UTC, datetime

from graphwright_sandbox.tenant import DIRECTORY_ROLES, GLOBAL_ADMINISTRATOR, Person

DOMAIN = "northwind.example"
_ADMINISTRATORS = {
    "daniel.whitfield": GLOBAL_ADMINISTRATOR,
    "siobhan.obrien": "User Administrator",
    "oscar.nystrom": "Groups Administrator",
}
_NAMESPACE = uuid.UUID("b1a6f1d0-7d8e-4f6a-8a57-5f0c3e2d9a44")

# office: city, country, Windows zone, IANA zone, language, telephone prefix
OFFICES: dict[str, tuple[str, str, str, str, str, str]] = {
    "BER": ("Berlin", "Germany", "W. Europe Standard Time", "Europe/Berlin", "de-DE", "+49 30"),
    "LAX": (
        "Los Angeles",
        "United States",
        "Pacific Standard Time",
        "America/Los_Angeles",
        "en-US",
        "+1 213",
    ),
    "NYC": (
        "New York",
        "United States",
        "Eastern Standard Time",
        "America/New_York",
        "en-US",
        "+1 212",
    ),
    "LON": ("London", "United Kingdom", "GMT Standard Time", "Europe/London", "en-GB", "+44 20"),
    "CCU": ("Kolkata", "India", "India Standard Time", "Asia/Kolkata", "hi-IN", "+91 33"),
    "AKL": (
        "Auckland",
        "New Zealand",
        "New Zealand Standard Time",
        "Pacific/Auckland",
        "en-NZ",
        "+64 9",
    ),
    "TYO": ("Tokyo", "Japan", "Tokyo Standard Time", "Asia/Tokyo", "ja-JP", "+81 3"),
    "ATH": ("Athens", "Greece", "GTB Standard Time", "Europe/Athens", "el-GR", "+30 21"),
    "CAI": ("Cairo", "Egypt", "Egypt Standard Time", "Africa/Cairo", "ar-EG", "+20 2"),
    "ALA": (
        "Almaty",
        "Kazakhstan",
        "Qyzylorda Standard Time",
        "Asia/Qyzylorda",
        "ru-RU",
        "+7 727",
    ),
    "SAO": (
        "São Paulo",
        "Brazil",
        "E. South America Standard Time",
        "America/Sao_Paulo",
        "pt-BR",
        "+55 11",
    ),
}

# address | given name | surname | display name (- for both names) | job | department | office | manager
_TABLE = """
greta.lindqvist|Greta|Lindqvist|-|Chief Executive Officer|Management|BER|
maya.okafor|Maya|Okafor|-|Chief Operating Officer|Management|LON|greta.lindqvist
daniel.whitfield|Daniel|Whitfield|-|Chief Technology Officer|Management|LAX|greta.lindqvist
renee.fournier|Renée|Fournier|-|Chief Financial Officer|Finance|BER|greta.lindqvist
samuel.carter|Samuel|Carter|-|Vice President, Sales|Sales|NYC|greta.lindqvist
priya.banerjee|Priya|Banerjee|प्रिया बनर्जी|Director of Data|Data|CCU|daniel.whitfield
aroha.ngata|Aroha|Ngata|Aroha Ngātā|Director of Field Survey|Field Survey|AKL|maya.okafor
haruto.tanaka|陽翔|田中|田中 陽翔|Director, Asia|Sales|TYO|samuel.carter
jonas.mueller|Jonas|Müller|-|Head of Engineering|Engineering|BER|daniel.whitfield
siobhan.obrien|Siobhán|O'Brien|-|Head of People|Human Resources|LON|maya.okafor
elena.papadopoulou|Ελένη|Παπαδοπούλου|Ελένη Παπαδοπούλου|Legal Counsel|Legal|ATH|renee.fournier
youssef.haddad|يوسف|حداد|يوسف حداد|Regional Manager|Sales|CAI|samuel.carter
aigerim.sultanova|Айгерим|Султанова|Айгерим Султанова|Survey Lead|Field Survey|ALA|aroha.ngata
lucas.goncalves|Lucas|Gonçalves|-|Account Manager|Sales|SAO|samuel.carter
ava.ramirez|Ava|Ramírez|-|Product Manager|Product|LAX|daniel.whitfield
noah.kim|Noah|Kim|-|Staff Engineer|Engineering|LAX|jonas.mueller
olivia.brandt|Olivia|Brandt|-|Software Engineer|Engineering|BER|jonas.mueller
lukasz.wisniewski|Łukasz|Wiśniewski|-|Software Engineer|Engineering|BER|jonas.mueller
zoe.adeyemi|Zoë|Adeyemi|-|Site Reliability Engineer|Engineering|LON|jonas.mueller
ethan.brooks|Ethan|Brooks|-|Software Engineer|Engineering|NYC|jonas.mueller
anika.sen|Anika|Sen|अनिका सेन|Data Engineer|Data|CCU|priya.banerjee
rahul.verma|Rahul|Verma|राहुल वर्मा|Data Analyst|Data|CCU|priya.banerjee
meera.iyer|Meera|Iyer|-|Machine Learning Engineer|Data|CCU|priya.banerjee
tane.walker|Tāne|Walker|-|Surveyor|Field Survey|AKL|aroha.ngata
isla.mackenzie|Isla|MacKenzie|-|Hydrographer|Field Survey|AKL|aroha.ngata
dmitri.volkov|Дмитрий|Волков|Дмитрий Волков|Geodesist|Field Survey|ALA|aigerim.sultanova
yui.sato|結衣|佐藤|佐藤 結衣|Account Manager|Sales|TYO|haruto.tanaka
ren.suzuki|蓮|鈴木|鈴木 蓮|Solution Engineer|Sales|TYO|haruto.tanaka
nadia.elmasry|نادية|المصري|نادية المصري|Account Manager|Sales|CAI|youssef.haddad
beatriz.araujo|Beatriz|Araújo|-|Customer Success Manager|Sales|SAO|lucas.goncalves
harper.nguyen|Harper|Nguyễn|-|Product Designer|Product|LAX|ava.ramirez
mateo.silva|Mateo|Silva|-|User Researcher|Product|LAX|ava.ramirez
francoise.lefevre|Françoise|Lefèvre|-|Accountant|Finance|BER|renee.fournier
tobias.grossmann|Tobias|Großmann|-|Controller|Finance|BER|renee.fournier
charlotte.hughes|Charlotte|Hughes|-|Recruiter|Human Resources|LON|siobhan.obrien
oscar.nystrom|Oscar|Nyström|-|Office Manager|Human Resources|BER|siobhan.obrien
grace.thompson|Grace|Thompson|-|Sales Representative|Sales|NYC|samuel.carter
william.dubois|William|DuBois|-|Sales Representative|Sales|NYC|samuel.carter
nikos.georgiou|Νίκος|Γεωργίου|Νίκος Γεωργίου|Paralegal|Legal|ATH|elena.papadopoulou
amelia.jones|Amelia|Jones|-|Executive Assistant|Management|LON|maya.okafor
"""


def person_id(address: str) -> str:
    """The id of the person with this address (the part before the @)."""
    return str(uuid.uuid5(_NAMESPACE, address))


def create_people() -> tuple[Person, ...]:
    rows = [line.split("|") for line in _TABLE.strip().splitlines()]
    return tuple(_create_person(index, row) for index, row in enumerate(rows))


def _create_person(index: int, row: list[str]) -> Person:
    address, given, surname, display, job, department, office, manager = row
    city, country, windows_zone, zone, language, prefix = OFFICES[office]
    role = _ADMINISTRATORS.get(address)
    return Person(
        id=person_id(address),
        user_principal_name=f"{address}@{DOMAIN}",
        display_name=f"{given} {surname}" if display == "-" else display,
        given_name=given,
        surname=surname,
        job_title=job,
        department=department,
        office_location=f"{office}/{1 + index % 4}{index:02d}",
        mail=f"{address}@{DOMAIN}",
        business_phones=(f"{prefix} 555 01{index:02d}",),
        mobile_phone=f"{prefix} 555 02{index:02d}" if index % 3 else None,
        manager_id=person_id(manager) if manager else None,
        time_zone=windows_zone,
        iana_time_zone=zone,
        preferred_language=language,
        city=city,
        country=country,
        directory_roles=(DIRECTORY_ROLES[role],) if role else (),
        employee_id=f"{1000 + index}",
        created=datetime(2019, 1 + index % 12, 1 + index % 28, 9, 0, tzinfo=UTC),
    )
