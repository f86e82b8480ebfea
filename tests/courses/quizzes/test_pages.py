"""The quiz without script, and its result: what is handed in, shown, and to whom."""

import datetime as dt
import re
import uuid

import pytest
from django.test import Client as Browser
from django.urls import reverse

from courses.quizzes.actions import Delivered, GivenAnswer, take_answers
from courses.quizzes.models import Answer, Attempt
from partners.models import Person
from tests.courses.factories import (
    answers_for,
    hand_in,
    make_course,
    make_module,
    version_of,
)
from tests.courses.visiting import browser, page, rep, work_off
from tests.partners.factories import make_partner, make_person

__all__ = ["browser", "rep"]  # fixtures

pytestmark = pytest.mark.django_db


# --- The quiz without script --------------------------------------------------------------------------


def form(**answers: object) -> dict[str, object]:
    """The quiz's form as a browser without script sends it."""
    return {
        "attempt": str(uuid.uuid4()),
        **{f"item-{key}": value for key, value in answers.items()},
    }


def test_without_script_the_whole_form_is_handed_in(browser: Browser, rep: Person) -> None:
    module = make_module()
    address = reverse("quizzes:quiz", args=[module.pk])
    sent = form(q001="a", q002="b", q003=["a", "b"], q004="true")
    response = browser.post(address, sent)
    assert response.headers["Location"] == reverse("quizzes:result", args=[sent["attempt"]])
    work_off()
    assert Attempt.objects.get().correct_count == 4
    assert browser.post(address, sent).status_code == 302
    assert Attempt.objects.count() == 1


def test_without_script_an_incomplete_form_is_saved_and_asked_about(
    browser: Browser, rep: Person
) -> None:
    module = make_module()
    address = reverse("quizzes:quiz", args=[module.pk])
    sent = form(q001="a", q003=["a", "b"])
    html = browser.post(address, sent).content.decode()
    assert "まだ答えていない問題が2問あります" in html
    assert html.count(" checked") == 3
    assert Answer.objects.count() == 2
    response = browser.post(address, {**sent, "anyway": "1"})
    assert response.status_code == 302
    work_off()
    assert Attempt.objects.get().correct_count == 2


def test_without_script_strange_forms_change_nothing(browser: Browser) -> None:
    module = make_module()
    address = reverse("quizzes:quiz", args=[module.pk])
    for strange in ({"attempt": "x", "item-q001": "a"}, form(q001="nonsense"), {}):
        response = browser.post(address, strange)
        assert response.status_code == 200
        assert "このクイズは新しくなりました" in response.content.decode()
    assert not Answer.objects.exists()


def test_a_quiz_never_tells_which_option_is_right(browser: Browser) -> None:
    module = make_module()
    html = page(browser, "quizzes:quiz", module.pk)
    for item in version_of(module).document["items"]:
        assert item["explanation"] not in html
        assert not any(option["explanation"] in html for option in item["options"])
    assert "correct" not in html


def test_a_retry_asks_only_what_is_not_understood(browser: Browser, rep: Person) -> None:
    module = make_module()
    hand_in(rep, module, right=3)
    work_off()
    html = browser.get(reverse("quizzes:quiz", args=[module.pk]), {"retry": "1"}).content.decode()
    assert html.count("<fieldset") == 1
    assert 'data-item="q004"' in html


# --- The result --------------------------------------------------------------------------------------


def test_a_result_comes_by_asking_again_and_then_shows_every_why(
    browser: Browser, rep: Person
) -> None:
    module = make_module()
    receipt = hand_in(rep, module, right=3)
    address = reverse("quizzes:result", args=[receipt.attempt_id])
    html = browser.get(address).content.decode()
    assert "答えを受け取りました" in html
    assert 'hx-trigger="load delay:300ms"' in html
    last = browser.get(address, {"poll": "4"}).content.decode()
    assert "hx-trigger" not in last
    work_off()
    swapped = browser.get(address, {"poll": "1"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in swapped
    assert "data-focus" in swapped  # the new heading is read out
    for words in (
        "4問中 3問 正解",
        "モジュールを修了しました",
        "because q004",
        "why true",
        "why false",
    ):
        assert words in swapped
    assert swapped.count('<details class="card" open>') == 1
    assert f"{reverse('quizzes:quiz', args=[module.pk])}?retry=1" in swapped


@pytest.mark.parametrize(("right", "first"), [(1, "retry=1"), (2, "/modules/"), (3, "/modules/")])
def test_whoever_missed_most_is_led_to_those_first(
    browser: Browser, rep: Person, right: int, first: str
) -> None:
    module, _following = make_module(), make_module()
    receipt = hand_in(rep, module, right=right)
    work_off()
    html = browser.get(reverse("quizzes:result", args=[receipt.attempt_id])).content.decode()
    buttons = re.findall(r'<a class="btn( btn-3)? btn-full" href="([^"]+)"', html)
    assert [bool(quiet) for quiet, _address in buttons] == [False, True]
    assert first in buttons[0][1]


def test_a_finished_module_leads_back_to_the_answers_and_why(browser: Browser, rep: Person) -> None:
    module = make_module()
    again = reverse("quizzes:last", args=[module.pk])
    assert browser.get(again).status_code == 404
    assert again not in page(browser, "courses:module", module.pk)
    hand_in(rep, module, right=4)
    latest = hand_in(rep, module, right=3)
    work_off()
    assert again in page(browser, "courses:module", module.pk)
    assert browser.get(again).headers["Location"] == reverse(
        "quizzes:result", args=[latest.attempt_id]
    )


def hand_in_with_third(person: Person, third: list[str]) -> uuid.UUID:
    """Hand in one right answer and these options of the third question; return the attempt's id."""
    module, attempt_id, now = make_module(), uuid.uuid4(), dt.datetime.now(dt.UTC)
    answers = {"q001": ["a"], "q002": ["a"], "q003": third, "q004": ["false"]}
    chosen = [GivenAnswer(key, tuple(options), 1, now) for key, options in answers.items()]
    take_answers(
        person=person,
        delivered=Delivered(
            attempt_id=attempt_id, answers=chosen, submit=True, module_id=module.pk
        ),
    )
    work_off()
    return attempt_id


def test_a_result_says_how_partly_right_answers_make_the_score(
    browser: Browser, rep: Person
) -> None:
    partly = page(browser, "quizzes:result", hand_in_with_third(rep, ["a"]))
    assert "4問中 1問 正解" in partly
    assert "ほかに一部正解が1問あり、初回の得点は38点です" in partly
    assert "初回の得点 38点（一部正解を含む）" in page(browser, "gamification:record")


def test_a_result_without_partly_right_answers_has_one_figure(
    browser: Browser, rep: Person
) -> None:
    html = page(browser, "quizzes:result", hand_in_with_third(rep, ["c"]))
    assert "一部正解" not in html
    assert "一部正解" not in page(browser, "gamification:record")


def test_a_result_leads_to_the_next_open_module(browser: Browser, rep: Person) -> None:
    course = make_course()
    module, following = make_module(course=course), make_module(course=course, title="次の回")
    receipt = hand_in(rep, module)
    work_off()
    html = page(browser, "quizzes:result", receipt.attempt_id)
    assert "次へ：次の回" in html
    assert reverse("courses:module", args=[following.pk]) in html


def test_an_answer_that_came_later_is_shown(browser: Browser, rep: Person) -> None:
    module = make_module()
    receipt = hand_in(rep, module)
    late = Delivered(receipt.attempt_id, answers_for(module, right=0, seq=100))
    take_answers(person=rep, delivered=late)
    work_off()
    html = page(browser, "quizzes:result", receipt.attempt_id)
    assert "あとから届いた答え" in html
    assert "4問中 4問 正解" in html


@pytest.mark.parametrize("of", ["a colleague", "a rival"])
def test_nobody_elses_result_is_shown(browser: Browser, rep: Person, of: str) -> None:
    other = make_person(rep.organisation if of == "a colleague" else make_partner())
    receipt = hand_in(other, make_module())
    work_off()
    html = page(browser, "quizzes:result", receipt.attempt_id, status=404)
    assert html.replace(str(receipt.attempt_id), "") == page(
        browser, "quizzes:result", (unknown := uuid.uuid4()), status=404
    ).replace(str(unknown), "")


def test_a_phone_cannot_send_somebody_elses_work(browser: Browser, rep: Person) -> None:
    module = make_module()
    body = {
        "module": str(module.pk),
        "answers": [{"item": "q001", "options": ["a"], "seq": 1, "at": None}],
    }
    address = reverse("api_attempt", args=[uuid.uuid4()])
    for person, status in ((uuid.uuid4(), 401), (rep.pk, 200)):
        response = browser.post(
            address, body, content_type="application/json", headers={"X-Person": str(person)}
        )
        assert response.status_code == status
    assert Answer.objects.count() == 1
