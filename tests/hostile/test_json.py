"""JSON at every door that takes it: read strictly, refused with a code, words, a field and the request's id."""

import dataclasses
import datetime as dt
import json
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from tests.architecture.doors import doors
from tests.architecture.world import values_for
from tests.hostile.bodies import BODIES
from tests.hostile.people import People, ask, bounded, unchanged, wrong_with


@dataclasses.dataclass(frozen=True)
class Taker:
    """A door that takes JSON: its address' name, how it is told, and by whom."""

    name: str
    method: str
    role: str


TAKERS = (
    Taker("api_attempt", "POST", "rep"),
    Taker("api_heartbeats", "POST", "rep"),
    Taker("sales:take_day", "POST", "rep"),
    Taker("scenarios:api_acts", "POST", "rep"),
    Taker("scenarios:api_note", "POST", "rep"),
    Taker("authoring:api_draft", "PUT", "author"),
    Taker("quizzes:api_bank", "POST", "author"),
    Taker("catalog:terms", "POST", "author"),
    Taker("core:save_captions", "PUT", "author"),
    Taker("v1:assignments", "POST", "admin"),
    Taker("v1:tell_activities", "POST", "admin"),
    Taker("v1:tell_opportunities", "POST", "admin"),
)
LARGER = {"authoring:api_draft", "core:save_captions"}
"""Doors that take more than the usual 256 KiB."""
_NO_JSON = {"authoring:api_pictures"}
"""Takes a form with a file."""


def url_of(people: People, name: str) -> str:
    door = next(each for each in doors() if each.name == name)
    ids = {**people.ours.ids, "attempt_id": uuid.uuid4()}
    return door.url(values_for(name, door.parameters, ids))


def tell(people: People, taker: Taker, body: bytes, kind: str = "application/json") -> Any:
    url = url_of(people, taker.name)
    return ask(
        people.browser(taker.role),
        taker.method,
        url,
        data=body,
        content_type=kind,
        headers={"accept": "application/json"},
    )


def test_every_door_that_takes_json_is_known(people: People) -> None:
    found = set()
    for door in doors():
        if not door.route.startswith("api/"):
            continue
        ids = {**people.ours.ids, "attempt_id": uuid.uuid4()}
        url = door.url(values_for(door.name, door.parameters, ids))
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            sent = {"data": b"[", "content_type": "application/json"}
            answers = {
                ask(people.browser(role), method, url, **sent).status_code
                for role in ("admin", "author", "rep")
            }
            if answers - {401, 403, 404, 405}:
                found.add((door.name, method))
    known = {(taker.name, taker.method) for taker in TAKERS}
    assert {each for each in found if each[0] not in _NO_JSON} == known


@pytest.mark.parametrize("what", BODIES)
def test_a_body_that_is_none_is_refused_at_every_door(people: People, what: str) -> None:
    body, status, codes = BODIES[what]
    wrong = []
    with unchanged(), bounded(10):
        for taker in TAKERS:
            answer = tell(people, taker, body)
            told = json.loads(answer.content) if "json" in answer["Content-Type"] else {}
            expected = {status, 413} if len(body) > 100_000 else {status, 400 if body else 415}
            if taker.name in LARGER and status == 413:
                expected = {400, 413}
                codes = codes | {"too_many_keys"}
            lacking = wrong_with(answer)
            if answer.status_code not in expected or told.get("code") not in codes or lacking:
                wrong.append((taker.name, answer.status_code, told.get("code"), lacking))
    assert not wrong


@pytest.mark.parametrize(
    "kind",
    [
        *("application/json; charset=shift_jis", "application/json; charset=bogus", "text/plain"),
        *(
            "application/json; charset=utf-16",
            "application/x-www-form-urlencoded",
            "text/json",
            "x",
        ),
    ],
)
def test_a_body_that_says_it_is_something_else_is_not_read(people: People, kind: str) -> None:
    wrong = []
    with unchanged():
        for taker in TAKERS:
            answer = tell(people, taker, b"{}", kind)
            if answer.status_code != 415 or wrong_with(answer):
                wrong.append((taker.name, answer.status_code, wrong_with(answer)))
    assert not wrong


NO_NUMBERS = (True, 1.0, 1.5, "1", "１", [1], {"n": 1}, -1, 2**53 + 2)


def bodies_with(people: People, value: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return for each door that reads a whole number a body that is good but for it."""
    one = str(uuid.uuid4())
    beat = {"kind": "reading", "module": one, "session": one, "seq": 1, "seconds": 1}
    product = people.ours.ids["product_id"]
    today = dt.datetime.now(ZoneInfo(settings.TIME_ZONE)).date().isoformat()
    row = {"person": one, "product": "-", "day": "2026-11-20", "measure": "calls", "count": value}
    return [
        ("api_attempt", {"answers": [{"item": "q001", "options": [], "seq": value}]}),
        ("api_heartbeats", {"beats": [{**beat, "seq": value}]}),
        ("api_heartbeats", {"beats": [{**beat, "seconds": value}]}),
        ("api_heartbeats", {"beats": [{**beat, "kind": "video", "from_ms": value, "to_ms": 5}]}),
        ("authoring:api_draft", {"base": value, "document": {}}),
        ("quizzes:api_bank", {"weight": value}),
        ("sales:take_day", {"day": today, "given": {f"c.{product}.calls": value}}),
        ("v1:tell_activities", {"source": one, "rows": [row]}),
    ]


@pytest.mark.parametrize("value", NO_NUMBERS, ids=str)
def test_what_is_no_whole_number_is_none(people: People, value: Any) -> None:
    taken = []
    by_name = {taker.name: taker for taker in TAKERS}
    with unchanged():
        for name, body in bodies_with(people, value):
            # A rep's day is typed by people: digits of any width in a text are a number there.
            if name == "sales:take_day" and value in ("1", "１"):
                continue
            answer = tell(people, by_name[name], json.dumps(body).encode())
            if answer.status_code not in {400, 422} or wrong_with(answer):
                taken.append((name, answer.status_code, wrong_with(answer)))
            elif not json.loads(answer.content)["field"]:
                assert value == 2**53 + 2, name
    assert not taken


@pytest.mark.parametrize(
    "value",
    [
        *(1, True, [], {}, "", "x", "１２３４５６７８-1234-1234-1234-123456789012", "1" * 5000),
        *(
            "{12345678-1234-1234-1234-123456789012}",
            "urn:uuid:12345678-1234-1234-1234-123456789012",
        ),
        "12345678123412341234123456789012",
    ],
    ids=str,
)
def test_what_is_no_id_is_none(people: People, value: Any) -> None:
    by_name = {taker.name: taker for taker in TAKERS}
    good = {"kind": "reading", "session": str(uuid.uuid4()), "seq": 1, "seconds": 1}
    bodies = (
        ("api_attempt", {"answers": [], "module": value}),
        ("api_heartbeats", {"beats": [{**good, "module": value}]}),
        ("api_heartbeats", {"beats": [{**good, "module": str(uuid.uuid4()), "video": value}]}),
        ("v1:tell_activities", {"source": value, "rows": []}),
        ("v1:assignments", {"key": value, "module": str(uuid.uuid4()), "targets": []}),
    )
    with unchanged():
        for name, body in bodies:
            answer = tell(people, by_name[name], json.dumps(body).encode())
            assert answer.status_code == 400, name
            assert wrong_with(answer) == "", name
            assert json.loads(answer.content)["field"], name


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_refusal_speaks_the_reader_s_language(people: People, language: str) -> None:
    for taker in TAKERS:
        people.speak(people.browser(taker.role), language)
        for body in (b'{"x": NaN}', b'{"x": "\\u0000"}', b'{"x": 1, "x": 2}', b"[]"):
            answer = tell(people, taker, body)
            assert wrong_with(answer, language) == "", taker.name
        del people.browser(taker.role).cookies[settings.LANGUAGE_COOKIE_NAME]


def test_a_refusal_names_the_way_to_what_is_wrong(people: People) -> None:
    taker = TAKERS[0]
    for body, field in (
        (b'{"a": [{"b": ["x", "\\u0000"]}]}', "a.0.b.1"),
        (b'{"a": {"b": {"c": 1e999}}}', "a.b.c"),
        (b'{"a": {"\\u0000": 1}}', "a"),
        (b'{"a": {"b": 1, "b": 2}}', "b"),
    ):
        assert json.loads(tell(people, taker, body).content)["field"] == field


def test_nothing_of_a_refused_body_stands_in_the_logs(
    people: People, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "SECRET-OF-A-BODY"
    for taker in TAKERS:
        for body in ({secret: "\0"}, {"x": f"{secret}\0"}, {"base": secret, "rows": secret}):
            tell(people, taker, json.dumps(body).encode())
    assert caplog.records
    assert not [each for each in caplog.records if secret in each.getMessage()]


@pytest.mark.parametrize("length", ["9" * 20, "-1", "", "0"])
def test_an_announced_length_that_is_a_lie_breaks_no_door(people: People, length: str) -> None:
    url = url_of(people, "api_heartbeats")
    sent = {"data": b"{}", "content_type": "application/json", "CONTENT_LENGTH": length}
    assert ask(people.browser("rep"), "POST", url, **sent).status_code in {200, 400, 413}
    answer = ask(people.browser("author"), "POST", "/api/authoring/pictures/", **sent)
    assert answer.status_code in {400, 413, 422}
