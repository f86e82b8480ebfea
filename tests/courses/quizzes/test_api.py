"""The phone's door: what it answers, and what it refuses without changing anything."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client as Browser

from courses.quizzes.models import Answer, Attempt
from partners.models import Person
from tests.courses.factories import hand_in, make_module
from tests.partners.factories import make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def rep() -> Person:
    """A partner's rep."""
    make_client()
    return make_person(make_partner())


@pytest.fixture
def phone(client: Browser, rep: Person) -> Browser:
    """The rep's phone, signed in."""
    return sign_in(client, rep)


def post(phone: Browser, attempt: uuid.UUID, body: Any, **headers: str):
    """Deliver JSON (or raw bytes) as the phone does."""
    data = body if isinstance(body, bytes | str) else json.dumps(body)
    return phone.post(
        f"/api/attempts/{attempt}/", data=data, content_type="application/json", headers=headers
    )


def body(module: Any, *answers: tuple[str, list[str], int], **more: Any) -> dict[str, Any]:
    """A delivery's body."""
    rows = [{"item": i, "options": o, "seq": s} for i, o, s in answers]
    return {"module": str(module.pk), "answers": rows, **more}


def test_an_attempt_from_first_answer_to_hand_in(phone: Browser) -> None:
    module, attempt = make_module(), uuid.uuid4()
    saved = post(phone, attempt, body(module, ("q001", ["a"], 1))).json()
    assert saved["attempt"] == str(attempt)
    assert saved["saved"] == {"q001": 1}
    done = post(phone, attempt, body(module, ("q002", ["b"], 2), submit=True)).json()
    assert done["state"] == "submitted"
    assert done["result_url"] == f"/attempts/{attempt}/"


def test_one_more_answer_takes_four_queries_in_all(
    phone: Browser, django_assert_max_num_queries: Any
) -> None:
    module, attempt = make_module(), uuid.uuid4()
    post(phone, attempt, body(module, ("q001", ["a"], 1)))
    with django_assert_max_num_queries(7):  # three of them set and reset the scope, and savepoints
        post(phone, attempt, body(module, ("q002", ["b"], 2)))


NUL = {"answers": [{"item": "q\u0000", "options": [], "seq": 1}]}


@pytest.mark.parametrize(
    ("raw", "code", "status"),
    [
        (b"", "bad_json", 400),
        (b"[]", "bad_json", 400),
        (b'{"a": NaN}', "bad_json", 400),
        (b'{"a": 1e999}', "bad_json", 400),
        (b'{"a": ' + b"9" * 4000 + b"}", "bad_json", 400),
        (b"[" * 5000, "json_too_deep", 400),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "json_too_deep", 400),
        (json.dumps(NUL).encode(), "bad_text", 400),
        (b'{"a": "\\ud800"}', "bad_text", 400),
        (json.dumps({str(n): n for n in range(300)}).encode(), "too_many_keys", 400),
        (b'{"a": "' + b"x" * 200_000 + b'"}', "too_large", 413),
        ("{}".encode("utf-16"), "bad_json", 400),
        (b'{"answers": 7}', "bad_list", 400),
        (b'{"answers": [7]}', "bad_answer", 400),
        (b'{"answers": [{"item": 3, "options": [], "seq": 1}]}', "bad_answer", 400),
        (b'{"answers": [{"item": "q001", "options": ["a"], "seq": -1}]}', "bad_number", 400),
        (b'{"answers": [{"item": "q001", "options": ["a"], "seq": true}]}', "bad_number", 400),
        (b'{"module": "nope"}', "bad_id", 400),
        (b'{"submit": "yes"}', "bad_flag", 400),
    ],
)
def test_hostile_bodies_are_refused_and_change_nothing(
    phone: Browser, raw: bytes, code: str, status: int
) -> None:
    response = post(phone, uuid.uuid4(), raw)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.json()["message"]
    assert not Attempt.objects.exists()


def test_a_refusal_speaks_the_phones_language(phone: Browser) -> None:
    messages = {
        post(phone, uuid.uuid4(), b"{", **{"Accept-Language": language}).json()["message"]
        for language in ("ja", "en")
    }
    assert len(messages) == 1, "a signed-in person's own language wins"


def test_signed_out_is_401_and_nothing_is_stored(client: Browser, rep: Person) -> None:
    module = make_module()
    response = post(client, uuid.uuid4(), body(module, ("q001", ["a"], 1)))
    assert (response.status_code, response.json()["code"]) == (401, "signed_out")
    assert not Answer.objects.exists()


def test_a_stranger_gets_what_a_missing_attempt_gets(phone: Browser, rep: Person) -> None:
    module, attempt = make_module(), uuid.uuid4()
    post(phone, attempt, body(module, ("q001", ["a"], 1)))
    stranger = sign_in(Browser(), make_person(make_partner()))
    theirs = post(stranger, attempt, {"answers": [{"item": "q001", "options": ["b"], "seq": 9}]})
    missing = post(
        stranger, uuid.uuid4(), {"answers": [{"item": "q001", "options": ["b"], "seq": 9}]}
    )
    assert theirs.status_code == missing.status_code == 404
    assert {**theirs.json(), "request_id": ""} == {**missing.json(), "request_id": ""}
    assert Answer.objects.get().option_keys == ["a"]


def test_an_id_that_a_rivals_phone_made_is_a_missing_attempt(phone: Browser) -> None:
    rival, module = make_person(make_partner()), make_module()
    theirs = hand_in(rival, module).attempt_id
    assert post(phone, theirs, body(module, ("q001", ["a"], 1))).status_code == 404
    assert post(phone, theirs, body(module, submit=True)).status_code == 404
    form = {"attempt": str(theirs), "item-q001": ["a"], "anyway": "1"}
    assert phone.post(f"/modules/{module.pk}/quiz/", form).status_code < 500
    assert Attempt.objects.get().person_id == rival.pk


def test_a_strange_clock_never_costs_an_answer(phone: Browser) -> None:
    module, attempt = make_module(), uuid.uuid4()
    answers = [
        {"item": "q001", "options": ["a"], "seq": 1, "at": "9999-12-31T23:59:59+14:00"},
        {"item": "q002", "options": ["a"], "seq": 2, "at": "gestern"},
    ]
    response = post(phone, attempt, {"module": str(module.pk), "answers": answers})
    assert response.json()["saved"] == {"q001": 1, "q002": 2}


def test_csrf_is_asked_for(rep: Person) -> None:
    phone = sign_in(Browser(enforce_csrf_checks=True), rep)
    assert post(phone, uuid.uuid4(), {}).status_code == 403
