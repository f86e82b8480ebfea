"""Two phones at one quiz: what loses is kept, whichever version and clock each of them has."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client as Browser

from core.scope import CLIENT, scoped
from courses.catalog.models import Block, Module
from courses.progress.publishing import publish
from courses.quizzes.actions import Delivered, GivenAnswer, Receipt, take_answers
from courses.quizzes.models import Answer, Attempt, LateAnswer
from partners.models import Person
from tests.analytics.factories import deliver
from tests.courses.factories import hand_in, make_module, multiple, single, version_of
from tests.partners.factories import make_client, make_partner, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def rep() -> Person:
    make_client()
    return make_person(make_partner())


def republish(module: Module, items: list[dict[str, Any]]) -> None:
    Block.objects.filter(module=module, kind="quiz").update(data={"items": items})
    with scoped(CLIENT):
        publish(module_id=module.pk, by=None)
    module.refresh_from_db()


def answered(rep: Person, attempt: uuid.UUID, module: Module, seq: int, **answers: str) -> Receipt:
    given = [GivenAnswer(item, (option,), seq, None) for item, option in answers.items()]
    return take_answers(person=rep, delivered=Delivered(attempt, given, module_id=module.pk))


@pytest.mark.parametrize("is_handed_in", [False, True])
def test_what_was_answered_offline_of_the_version_before_is_kept(
    rep: Person, is_handed_in: bool
) -> None:
    module = make_module(items=[single("q001"), single("q002", stem="前の問い")])
    old = version_of(module)
    republish(module, [single("q001"), single("q003")])
    heir = uuid.uuid4()
    if is_handed_in:
        heir = hand_in(rep, module).attempt_id
        deliver()
    else:
        answered(rep, heir, module, 1, q003="a")
    browser = Browser()
    browser.force_login(rep.account)
    phone = f"/api/attempts/{uuid.uuid4()}/"
    answers = [
        {"item": "q001", "options": ["a"], "seq": 5},
        {"item": "q002", "options": ["b"], "seq": 6},
    ]
    sent = {
        "module": str(module.pk),
        "quiz_version": str(old.pk),
        "submit": True,
        "answers": answers,
    }
    for _ in range(2):  # a phone sends again what it has no receipt for
        said = browser.post(phone, json.dumps(sent), content_type="application/json")
        assert (said.status_code, said.json()["attempt"]) == (200, str(heir))
    assert LateAnswer.objects.get(item_key="q002").option_keys == ["b"]
    assert dict(Answer.objects.values_list("item_key", "option_keys"))["q001"] == ["a"]
    deliver()
    assert "前の問い" in browser.get(f"/attempts/{heir}/").content.decode()
    nonsense = {**sent, "answers": [{"item": "q009", "options": ["a"], "seq": 7}]}
    said = browser.post(phone, json.dumps(nonsense), content_type="application/json")
    assert said.status_code == 400


def test_an_option_that_the_newer_version_lacks_is_kept_as_late(rep: Person) -> None:
    module = make_module(items=[single("q001"), single("q002")])
    old = version_of(module)
    fewer = single("q002")
    fewer["options"] = fewer["options"][:2]
    republish(module, [single("q001"), fewer])
    heir, phone = uuid.uuid4(), uuid.uuid4()
    answered(rep, heir, module, 1, q001="a")
    gone = single("q002")["options"][-1]["key"]
    given = [GivenAnswer("q002", (gone,), 5, None)]
    kept = Delivered(phone, given, module_id=module.pk, quiz_version_id=old.pk)
    assert take_answers(person=rep, delivered=kept).late == ["q002"]
    assert Attempt.objects.get(pk=phone).quiz_version_id == old.pk


def test_what_lost_against_another_phones_clock_is_kept(rep: Person) -> None:
    module = make_module(items=[single("q001"), single("q002")])
    one, two = uuid.uuid4(), uuid.uuid4()
    answered(rep, one, module, 100, q001="a")
    answered(rep, two, module, 300, q002="b")
    receipt = answered(rep, one, module, 200, q002="c")
    assert receipt.late == ["q002"]
    assert Answer.objects.get(item_key="q002").option_keys == ["b"]
    assert LateAnswer.objects.get().option_keys == ["c"]


def test_marks_can_be_taken_back_without_script(rep: Person) -> None:
    module = make_module(items=[multiple("q001"), single("q002")])
    browser = Browser()
    browser.force_login(rep.account)
    url, attempt = f"/modules/{module.pk}/quiz/", str(uuid.uuid4())
    assert 'name="had-q001"' not in browser.get(url).content.decode()
    browser.post(url, {"attempt": attempt, "item-q001": ["a", "c"]})
    assert 'name="had-q001"' in browser.get(url).content.decode()
    browser.post(url, {"attempt": attempt, "item-q002": "a"})
    assert Answer.objects.get(item_key="q001").option_keys == ["a", "c"], "another page"
    emptied = {"attempt": attempt, "item-q002": "a", "had-q001": "yes"}
    browser.post(url, emptied)
    assert Attempt.objects.get().state == "open", "one is missing now"
    browser.post(url, {**emptied, "anyway": "1"})
    assert Answer.objects.get(item_key="q001").option_keys == []


def test_an_older_answer_of_the_only_phone_is_no_late_one(rep: Person) -> None:
    module, one = make_module(items=[single("q001")]), uuid.uuid4()
    answered(rep, one, module, 200, q001="b")
    assert answered(rep, one, module, 100, q001="a").late == []
    assert not LateAnswer.objects.exists()
