"""The JSON schema of a profile, for editors: completion and a word on each key (``#:schema`` in the files).

The shape comes from the very types that load a profile; the words are here, since an editor shows them to a
clerk. What a schema cannot say (check digits, fees that follow each other) only ``profile check`` finds.
"""

import json
from collections.abc import Iterator, Mapping

import msgspec

from daemon.issuance.profile import Profile

Json = dict[str, object]

WORDS: Mapping[str, Mapping[str, str]] = {
    "Profile": {
        "code": "団体コード, six digits with the check digit.",
        "prefecture": "As E4 and certificates name it: 富山県.",
        "name": "高岡市.",
        "mayor": "The title that certificates are signed with: 富山県高岡市長.",
        "hours": "Of the whole service, every day; the shop may be shorter.",
        "certificates": "What is on offer, in the order of screen 7.",
        "koseki_rule": "Who gets 戸籍 and 附票: residence and 本籍 here, or 本籍 here and a 利用登録.",
        "website": "Shown where the kiosk cannot help.",
        "registration_days": "How long a 利用登録申請 takes; only with koseki_rule = registration.",
        "closed": "Days of every year without service.",
        "maintenance": "Stops of the service.",
        "move_out_blocks": "Whom a filed 転出届 keeps from getting certificates.",
        "support_blocks": "Whom a 支援措置 keeps from getting certificates.",
        "blocks_from": "Whether those hold on the day they are filed, or from the next.",
        "min_age": "15 or more.",
        "max_copies": "Of one order, 1 to 10.",
        "idle_seconds": "Without any touch until the session ends, 30 to 600.",
        "excluded_cards": "Other cards of this city that people try.",
        "smartphones": "Whose certificates are taken at all; the site decides too.",
        "offices": "Where people are helped, in the order of the screen.",
        "seal": "公印: name of a PNG beside the center's profile.",
    },
    "Offering": {
        "kind": "Which certificate.",
        "name": "As the municipality calls it.",
        "fees": "Periods that follow each other without a gap.",
        "scopes": "Whom it may be about, in the order of screen 8.",
        "items": "What stands on it: the citizen chooses, or it never or always does.",
        "hours": "Of this certificate, where they are shorter.",
        "closed": "Days of every year on which this certificate cannot be had.",
        "tax": "The 年度 of a tax certificate.",
    },
    "Fee": {
        "yen": "Of one 通, a multiple of 10.",
        "valid_from": "First day.",
        "valid_to": "Last day; without it: until further notice.",
    },
    "TaxYears": {
        "years": "How many 年度 can be had, 1 to 6.",
        "switch": 'From this day on the new 年度 can be had: "06-01".',
        "label": "How a 年度 is written: {era} 令和7, {income} 令和6, {year} 2025.",
        "labels": 'Those written otherwise: { "2019" = "平成31年度" }.',
    },
    "Hours": {
        "open": "First moment.",
        "close": "First moment that is closed again.",
        "days": "weekdays: Monday to Friday without public and substitute holidays.",
    },
    "ClosedDays": {"from": 'First day: "12-29".', "to": 'Last day, may be of the next year: "01-03".'},
    "Maintenance": {
        "from": "First moment without service, in the time of Japan.",
        "to": "First moment with service again; people are told the next whole hour.",
        "kinds": "Only these certificates, or register (利用登録申請); without it: all.",
    },
    "Office": {"name": "市民課.", "address": "Where it is.", "phone": "Its number."},
}


def schema() -> str:
    """As committed in assets/municipalities/schema.json."""
    made = msgspec.json.schema(Profile)
    definitions = made["$defs"]
    for name, words in WORDS.items():
        properties = definitions[name]["properties"]
        for key, text in words.items():
            properties[key] = {"description": text, **_plain(properties[key], text)}
        definitions[name].pop("description", None)
    whole = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A municipality's profile",
        **made,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def undescribed() -> Iterator[str]:
    """Keys of a profile without a word on them."""
    for name, definition in msgspec.json.schema(Profile)["$defs"].items():
        for key in definition["properties"]:
            if key not in WORDS.get(name, {}):
                yield f"{name} {key}"


def _plain(field: Json, text: str) -> Json:
    """Without what TOML has not: null, and times with a zone; a reference keeps its words beside it."""
    choices = field.pop("anyOf", None)
    if isinstance(choices, list):
        field |= next(one for one in choices if one.get("type") != "null")
        if field.get("default", 0) is None:
            del field["default"]
    if field.get("format") in ("time", "date-time"):
        del field["format"]
    if "$ref" in field:
        return {"allOf": [{"$ref": field.pop("$ref")}], **field}
    return field | {"description": text}
