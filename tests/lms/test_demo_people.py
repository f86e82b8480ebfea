"""The demo world's people and organisations: everyone has a name, a reading and a place."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).resolve().parents[2] / "lms" / "demo" / "content"


def people() -> list[Any]:
    """Return the people who can log in to the demo world."""
    found: list[Any] = json.loads((CONTENT / "people.json").read_text(encoding="utf-8"))
    return found


def organisations() -> dict[str, Any]:
    """Return the client and the partners by key."""
    partners = json.loads((CONTENT / "partners.json").read_text(encoding="utf-8"))
    client = json.loads((CONTENT / "client.json").read_text(encoding="utf-8"))
    return {found["key"]: found for found in [client, *partners]}


def test_people_have_names_readings_and_a_place() -> None:
    assert len({person["login"] for person in people()}) == len(people()) == 20
    for person in people():
        home = organisations()[person["organisation"]]
        assert person["team"] in {team["key"] for team in home["teams"]}
        assert set(person["roles"]) <= {"rep", "manager", "author", "admin", "ace", "sales_manager"}
        assert person["roles"]
        assert person["family_name"]
        assert person["given_name"]
        assert re.fullmatch("[ぁ-んー]+", person["family_reading"] + person["given_reading"])
        assert re.fullmatch("[A-Za-z]+", person["latin"]["family"] + person["latin"]["given"])
        for field in (person["territory"], person["position"]):
            assert field["ja"]
            assert field["en"]


def test_every_organisation_with_people_has_a_manager() -> None:
    staffed = {person["organisation"] for person in people()}
    managed = {p["organisation"] for p in people() if "manager" in p["roles"]}
    assert staffed == managed
    assert len(staffed) == 4


def test_sixteen_unequal_partners_share_320_reps() -> None:
    partners = [found for key, found in organisations().items() if key != "client"]
    sizes = [partner["reps"] for partner in partners]
    assert len(partners) == 16
    assert sum(sizes) == 320
    assert len(set(sizes)) == len(sizes)
    for partner in partners:
        assert partner["name"]["ja"]
        assert partner["name"]["en"]
        assert partner["area"]["ja"]
        assert partner["area"]["en"]
        assert partner["teams"]
