"""Publishing freezes a draft; what is frozen never changes."""

import uuid

import pytest
from django.db import ProgrammingError, connection, transaction

from courses.catalog.models import ModuleVersion
from courses.progress.publishing import NotPublishableError, publish
from courses.quizzes.models import QuizVersion
from tests.courses.factories import make_module, single, version_of
from tests.partners.factories import make_client

pytestmark = pytest.mark.django_db


def test_the_published_document_holds_no_key_of_the_quiz() -> None:
    make_client()
    module = make_module(items=[single("q001")])
    quiz = module.version.document["blocks"][-1]
    assert quiz["data"] == {
        "quiz": str(version_of(module).quiz_id),
        "quiz_version": str(version_of(module).pk),
        "items": 1,
    }
    assert "correct" not in str(module.version.document)


def test_an_unchanged_draft_publishes_nothing() -> None:
    module = make_module()
    again = publish(module_id=module.pk, by=None)
    assert (again.changed, again.version.pk) == (False, module.version_id)
    assert ModuleVersion.objects.count() == QuizVersion.objects.count() == 1


def test_a_changed_question_makes_a_new_version_of_both() -> None:
    module = make_module(items=[single("q001")])
    block = module.blocks.get(kind="quiz")
    block.data["items"][0]["options"][0]["text"] = "別の言い方"
    block.save()
    result = publish(module_id=module.pk, by=None, note="wording")
    assert result.changed
    assert result.version.number == 2
    assert list(QuizVersion.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"stem": " "}, "items.1.stem"),
        ({"kind": "essay"}, "items.1.kind"),
        ({"weight": 0}, "items.1.weight"),
        ({"weight": True}, "items.1.weight"),
        ({"options": []}, "items.1.options"),
        ({"key": "Q 1"}, "items.1.key"),
    ],
)
def test_a_draft_with_a_problem_names_it_and_publishes_nothing(
    change: dict[str, object], field: str
) -> None:
    module = make_module(items=[single("q001") | change], published=False)
    with pytest.raises(NotPublishableError) as caught:
        publish(module_id=module.pk, by=None)
    assert [problem.field for problem in caught.value.problems] == [field]
    assert caught.value.problems[0].message
    assert not ModuleVersion.objects.exists()


def test_a_question_needs_the_right_number_of_right_options() -> None:
    item = single("q001")
    item["options"][1]["correct"] = True
    with pytest.raises(NotPublishableError):
        publish(module_id=make_module(items=[item], published=False).pk, by=None)


def test_a_video_that_is_not_ready_keeps_the_module_back() -> None:
    module = make_module(blocks=[("video", {"asset": str(uuid.uuid4())})], published=False)
    with pytest.raises(NotPublishableError) as caught:
        publish(module_id=module.pk, by=None)
    assert caught.value.problems[0].field == "asset"


@pytest.mark.parametrize("table", ["catalog_moduleversion", "quizzes_quizversion"])
@pytest.mark.parametrize("write", ["UPDATE {} SET number = 9", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_what_was_published(table: str, write: str) -> None:
    make_module()
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(write.format(table))
