"""Bad input is refused with words, changes nothing, and never breaks a door."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client as Browser

from partners.models import Person
from sales.models import Activity, Source
from tests.api.programs import Program, make_token
from tests.partners.factories import make_client, make_person, sign_in
from tests.sales.factories import make_crm, make_product

pytestmark = pytest.mark.django_db
URL = "sales/activities/upsert"


@pytest.fixture
def admin() -> Person:
    """An administrator of the client."""
    return make_person(make_client(), roles=["admin"])


@pytest.fixture
def program(admin: Person) -> Program:
    """A program that may do everything."""
    return Program(make_token(admin))


@pytest.fixture
def source() -> Source:
    """A CRM."""
    return make_crm()


def _row(admin: Person, **changed: Any) -> dict[str, Any]:
    row = {"person": str(admin.pk), "product": "-", "day": "2026-11-20", "measure": "calls"}
    return {**row, "count": 3, **changed}


DEEP = '{"source":' + "[" * 5000 + "]" * 5000 + "}"
KEYS = json.dumps({f"k{n}": n for n in range(12_000)})


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (DEEP, 400, "json_too_deep"),
        ('{"source":' + "[" * 100_000 + "]" * 100_000 + "}", 400, "json_too_deep"),
        ('{"source": "a\\u0000b", "rows": []}', 400, "bad_text"),
        ('{"a\\u0000b": 1}', 400, "bad_text"),
        ('{"source": "\\ud800", "rows": []}', 400, "bad_text"),
        ('{"source": NaN}', 400, "bad_json"),
        ('{"source": Infinity}', 400, "bad_json"),
        ('{"source": 1e400}', 400, "bad_json"),
        ('{"source": ' + "9" * 4000 + "}", 400, "bad_json"),
        ('{"source": 9007199254740993}', 400, "bad_json"),
        (KEYS, 400, "too_many_keys"),
        (b" " * (3 * 1024 * 1024), 413, "too_large"),
        ('{"source": "a", "source": "b"}', 400, "named_twice"),
        ('{"rows": [{"day": "a", "day": "b"}]}', 400, "named_twice"),
        ("[]", 400, "bad_json"),
        ("nothing", 400, "bad_json"),
        (b"\xef\xbb\xbf{}", 400, "bad_json"),
        ("{}".encode("utf-16"), 400, "bad_json"),
        ('{"source": "髙"}'.encode("cp932"), 400, "bad_json"),
        ("{}", 400, "invalid"),
        ('{"source": {"id": 1}, "rows": {}}', 400, "invalid"),
        ('{"source": true, "rows": null}', 400, "invalid"),
    ],
)
def test_a_body_that_is_none_is_refused(
    program: Program, body: Any, status: int, code: str
) -> None:
    answer = program.post(URL, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"
    found = answer.json()
    assert found["type"] == f"urn:tomoni:problem:{code}"
    assert found["status"] == status
    assert found["message"]
    assert found["request_id"]


@pytest.mark.parametrize(
    "kind",
    [
        *("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""),
        *("application/json; charset=bogus", "application/json; charset=shift_jis"),
    ],
)
def test_another_kind_of_body_is_415(program: Program, kind: str) -> None:
    answer = program.browser.generic("POST", f"/api/v1/{URL}", b"{}", content_type=kind)
    assert answer.status_code == 415
    assert answer.json()["code"] == "unsupported_media_type"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("count", True),
        ("count", 3.0),
        ("count", [3]),
        ("count", "3"),
        ("count", "３"),
        ("count", -1),
        ("count", 2**31),
        ("day", "2026-13-01"),
        ("day", "２０２６-11-20"),
        ("day", "0001-01-01"),
        ("day", "9999-12-31"),
        ("day", 20261120),
        ("measure", "won"),
        ("measure", ["calls"]),
        ("person", 7),
        ("person", ""),
        ("person", "x" * 300),
        ("color", "red"),
    ],
)
def test_a_row_that_is_wrong_is_named_and_nothing_is_written(
    program: Program, source: Source, admin: Person, field: str, value: Any
) -> None:
    product = make_product()
    rows = [_row(admin, product=product.code), _row(admin, **{field: value})]
    answer = program.post(URL, {"source": str(source.pk), "rows": rows})
    assert answer.status_code == 400
    assert answer.json()["field"] == f"rows.1.{field}"
    assert [each["field"] for each in answer.json()["errors"]] == [f"rows.1.{field}"]
    assert not Activity.objects.exists()


def test_a_day_that_does_not_exist_is_said_to(
    program: Program, source: Source, admin: Person
) -> None:
    answer = program.post(
        URL, {"source": str(source.pk), "rows": [_row(admin, day="2026-02-30")]}
    ).json()
    moment = program.get("sales/opportunities", updated_since="2026-11-31T00:00:00Z").json()
    for told, field in ((answer, "rows.0.day"), (moment, "updated_since")):
        assert (told["field"], told["code"]) == (field, "invalid")
        assert told["errors"][0]["message"] == "存在しない日付です。月と日を確かめてください。"


def test_too_many_rows_are_refused(program: Program, source: Source, admin: Person) -> None:
    answer = program.post(URL, {"source": str(source.pk), "rows": [_row(admin)] * 1001})
    assert answer.status_code == 400
    assert answer.json()["field"] == "rows"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"organization": "x"}, "organization"),
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "１"}, "limit"),
        ({"limit": "1_0"}, "limit"),
        ({"limit": "9" * 4000}, "limit"),
        ({"team": "1"}, "team"),
        ({"team": str(uuid.uuid4()).replace("-", "")}, "team"),
        ({"q": "a\x00b"}, "q"),
        ({"q": "x" * 81}, "q"),
        ({"is_active": "yes"}, "is_active"),
        ({"role": "boss"}, "role"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": "あ"}, "cursor"),
        ({"role": ["rep", "ace"]}, "role"),
    ],
)
def test_a_parameter_that_is_wrong_is_named(
    program: Program, query: dict[str, Any], field: str
) -> None:
    answer = program.get("people", **query)
    assert answer.status_code == 400
    assert answer.json()["field"] == field


@pytest.mark.parametrize("raw", ["q=%ED%A0%80", "q=%FF", "limit=%00", "q=%00", "%00=1"])
def test_broken_addresses_never_break_the_door(program: Program, raw: str) -> None:
    assert program.browser.get(f"/api/v1/people?{raw}").status_code in {200, 400}


@pytest.mark.parametrize(
    "moment",
    [
        *("2026-11-20", "2026-11-20T10:00:00", "0001-01-01T00:00:00+14:00"),
        *("9999-12-31T23:59:59-14:00", "２０２６-11-20T10:00:00Z", "2026-02-30T10:00:00Z"),
        "2026-11-20T10:00:00+25:00",
    ],
)
def test_a_moment_without_a_place_in_time_is_refused(program: Program, moment: str) -> None:
    answer = program.get("results", submitted_since=moment)
    assert (answer.status_code, answer.json()["field"]) == (400, "submitted_since")


def test_other_methods_are_405_and_say_what_works(program: Program) -> None:
    for method in ("post", "put", "patch", "delete", "options"):
        answer = getattr(program.browser, method)("/api/v1/people")
        assert answer.status_code == 405, method
        assert answer["Allow"] == "GET, HEAD"


def test_unknown_addresses_are_problem_details_too(program: Program) -> None:
    for path in ("nothing", "people/1", f"people/{uuid.uuid4()}", "people/"):
        answer = program.get(path)
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"


def test_a_browser_needs_its_csrf_token_for_a_change(admin: Person) -> None:
    browser = sign_in(Browser(enforce_csrf_checks=True), admin)
    assert browser.get("/api/v1/people").status_code == 200
    answer = browser.post(f"/api/v1/{URL}", "{}", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


def test_words_are_in_the_language_of_whoever_asks(admin: Person) -> None:
    admin.language = "en"
    admin.save()
    answer = Program(make_token(admin)).get("people", colour="red")
    assert answer.json()["message"] == "There is no such parameter."


def test_too_many_requests_are_429(settings: Any, admin: Person) -> None:
    settings.API_REQUESTS_A_MINUTE = 2
    one, other = Program(make_token(admin)), Program(make_token(admin))
    left = [one.get("people")["RateLimit"].split(";")[1] for _ in range(2)]
    assert left == ["r=1", "r=0"]
    answer = one.get("people")
    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert answer["RateLimit-Policy"] == '"requests";q=2;w=60'
    assert other.get("people").status_code == 200
