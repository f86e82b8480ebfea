"""A published answer that was wrong: corrected wherever the same is asked, and in the draft."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from core.scope import CLIENT, scoped
from courses.authoring.actions import publications
from courses.authoring.actions.drafts import restore
from courses.authoring.queries import courses
from courses.authoring.queries.answers import published_quizzes
from courses.authoring.queries.drafts import current_of
from courses.authoring.queries.impact import question_changes
from courses.catalog.models import Module
from courses.progress.publishing import publish
from courses.quizzes.actions import rescore_part, score_attempt
from courses.quizzes.events import KeyCorrected
from courses.quizzes.models import Attempt, KeyCorrection, QuizVersion
from tests.core.broker import quiet_broker
from tests.courses.authoring.writing import browser_of, make_author, quiz_block, save, text_block
from tests.courses.factories import hand_in, make_module, multiple, single, version_of
from tests.partners.factories import make_partner, make_person

__all__ = ["quiet_broker"]  # a fixture: no worker takes part

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_broker")]


@pytest.fixture
def author() -> Browser:
    """An author's browser."""
    return browser_of(make_author())


def _correct(author: Browser, module: Module, key: str, right: list[str], **data: Any) -> Any:
    address = reverse("authoring:correct", args=[module.pk, version_of(module).pk, key])
    return author.post(address, {"right": right, "note": "資料の誤り", **data})


def _two_versions() -> Module:
    """A module whose second version asks the first question as before and the second one otherwise."""
    module = make_module(items=[single("q001"), single("q002")])
    items = [single("q001"), single("q002", stem="別の問い")]
    save(module, 0, blocks=[text_block(key="blk000"), quiz_block(*items, key="blk001")])
    with scoped(CLIENT):
        publications.publish_now(module_id=module.pk, base=1, note="", by=make_author().pk)
    module.refresh_from_db()
    return module


def test_every_version_that_asks_the_same_is_corrected_and_the_draft_too(author: Browser) -> None:
    module = _two_versions()
    assert _correct(author, module, "q001", ["b"]).status_code == 302
    assert KeyCorrection.objects.filter(item_key="q001", correct_keys=["b"]).count() == 2
    item = module.blocks.get(kind="quiz").data["items"][0]
    assert [option["key"] for option in item["options"] if option["correct"]] == ["b"]
    document = current_of(module, module.blocks.all()).document
    assert not question_changes(module, document)


def test_a_question_that_was_reworded_is_another_one(author: Browser) -> None:
    module = _two_versions()
    _correct(author, module, "q002", ["c"])
    assert KeyCorrection.objects.get().quiz_version == version_of(module)


def test_scores_follow_the_correction(author: Browser) -> None:
    module, rep = make_module(items=[single("q001"), single("q002")]), make_person(make_partner())
    receipt = hand_in(rep, module)
    score_attempt(attempt_id=receipt.attempt_id)
    assert Attempt.objects.get().correct_count == 2
    _correct(author, module, "q001", ["c"])
    correction = KeyCorrection.objects.get()
    news = KeyCorrected(quiz_version_id=version_of(module).pk, correction_id=correction.pk)
    assert rescore_part(news=news) == 1
    assert Attempt.objects.get().correct_count == 1
    (quiz,) = published_quizzes(module)
    assert (quiz.answered, quiz.questions[0].was_corrected) == (1, True)
    page = author.get(reverse("authoring:answers", args=[module.pk])).content.decode()
    assert "資料の誤り" in page


@pytest.mark.parametrize(
    ("key", "right"),
    [("q001", []), ("q001", ["a", "b"]), ("q001", ["z"]), ("q001", ["a"]), ("q003", [])],
)
def test_an_answer_that_does_not_fit_changes_nothing(
    author: Browser, key: str, right: list[str]
) -> None:
    module = make_module(items=[single("q001"), multiple("q003")])
    answer = _correct(author, module, key, right)
    assert answer.status_code == 422
    assert "資料の誤り" in answer.content.decode()
    assert not KeyCorrection.objects.exists()


def test_a_correction_needs_a_reason(author: Browser) -> None:
    module = make_module(items=[single("q001")])
    assert _correct(author, module, "q001", ["b"], note=" ").status_code == 422
    assert not KeyCorrection.objects.exists()


def test_several_right_answers_can_be_corrected(author: Browser) -> None:
    module = make_module(items=[multiple("q003")])
    assert _correct(author, module, "q003", ["a", "c"]).status_code == 302
    assert KeyCorrection.objects.get().correct_keys == ["a", "c"]


def test_questions_of_another_module_are_not_found(author: Browser) -> None:
    module, other = make_module(), make_module()
    address = reverse("authoring:correct", args=[module.pk, version_of(other).pk, "q001"])
    assert author.post(address, {"right": ["b"], "note": "x"}).status_code == 404
    assert QuizVersion.objects.count() == 2


def _state(author: Browser, module: Module) -> tuple[str, bool, list[str]]:
    """How the module stands in the list, whether its page offers to publish, and what has changed since."""
    with scoped(CLIENT):
        row = courses.modules(make_author()).get(pk=module.pk)
    page = author.get(reverse("authoring:publish", args=[module.pk]))
    found = page.context["differences"]
    changes = [part.label for part in found.fields] + [each.key for each in found.blocks]
    return row.state, 'value="now"' in page.content.decode(), changes


def _published_in_the_editor(**fields: Any) -> Module:
    module = make_module(items=[])
    items = [single("q001"), single("q002")]
    save(module, 0, blocks=[text_block(key="blk000"), quiz_block(*items, key="blk001")], **fields)
    with scoped(CLIENT):
        publications.publish_now(module_id=module.pk, base=1, note="", by=make_author().pk)
    module.refresh_from_db()
    return module


@pytest.mark.parametrize("by_another_door", [False, True])
def test_a_correction_alone_leaves_nothing_to_publish(
    author: Browser, by_another_door: bool
) -> None:
    module = (
        make_module(items=[single("q001"), single("q002")])
        if by_another_door
        else _published_in_the_editor()
    )
    before = module.version_id
    for key, right in (("q001", "b"), ("q001", "c"), ("q002", "d")):
        _correct(author, module, key, [right])
        assert _state(author, module) == ("published", False, [])
    with scoped(CLIENT):
        assert not publish(module_id=module.pk, by=None).changed
    module.refresh_from_db()
    assert module.version_id == before


def test_beside_a_correction_only_the_other_changes_wait(author: Browser) -> None:
    module = _published_in_the_editor()
    items = [single("q001"), single("q002")]
    blocks = [text_block(key="blk000", text="次に聞きます。"), quiz_block(*items, key="blk001")]
    save(module, 1, blocks=blocks)
    _correct(author, module, "q001", ["b"])
    assert _state(author, module) == ("changed", True, ["blk000"])
    items[0] = single("q001", right="b")
    save(module, 3, blocks=[text_block(key="blk000"), quiz_block(*items, key="blk001")])
    assert _state(author, module) == ("published", False, [])


def test_a_draft_with_the_right_answer_already_is_published_by_the_correction(
    author: Browser,
) -> None:
    module = _published_in_the_editor()
    items = [single("q001", right="b"), single("q002")]
    save(module, 1, blocks=[text_block(key="blk000"), quiz_block(*items, key="blk001")])
    assert _state(author, module)[0] == "changed"
    _correct(author, module, "q001", ["b"])
    assert _state(author, module) == ("published", False, [])


def test_a_later_publication_freezes_the_corrected_answer(author: Browser) -> None:
    module = _published_in_the_editor()
    _correct(author, module, "q001", ["b"])
    items = [single("q001", right="b"), single("q002")]
    blocks = [text_block(key="blk000", text="次に聞きます。"), quiz_block(*items, key="blk001")]
    save(module, 2, blocks=blocks)
    with scoped(CLIENT):
        publications.publish_now(module_id=module.pk, base=3, note="", by=make_author().pk)
    module.refresh_from_db()
    assert version_of(module).document["items"] == items
    assert _state(author, module) == ("published", False, [])


def test_a_draft_taken_back_keeps_what_was_corrected_since(author: Browser) -> None:
    module = _published_in_the_editor()
    _correct(author, module, "q001", ["b"])
    items = [single("q001", right="b", stem="言い直した問い"), single("q002")]
    save(module, 2, blocks=[text_block(key="blk000"), quiz_block(*items, key="blk001")])
    restore(module_id=module.pk, base=3, revision=1, by=make_author().pk)
    first = module.blocks.get(kind="quiz").data["items"][0]
    assert first["stem"] == single("q001")["stem"]
    assert [each["key"] for each in first["options"] if each["correct"]] == ["b"]
    assert _state(author, module) == ("published", False, [])


def test_what_asks_otherwise_is_not_corrected_when_it_is_taken_back(author: Browser) -> None:
    module = _two_versions()
    _correct(author, module, "q002", ["c"])
    restore(module_id=module.pk, base=2, revision=0, by=make_author().pk)
    second = module.blocks.get(kind="quiz").data["items"][1]
    assert second["stem"] == single("q002")["stem"]
    assert [each["key"] for each in second["options"] if each["correct"]] == ["a"]


def test_the_wrong_answer_taken_back_into_the_draft_is_a_change(author: Browser) -> None:
    module = _published_in_the_editor()
    _correct(author, module, "q001", ["b"])
    items = [single("q001"), single("q002")]
    save(module, 2, blocks=[text_block(key="blk000"), quiz_block(*items, key="blk001")])
    assert _state(author, module) == ("changed", True, ["blk001"])
