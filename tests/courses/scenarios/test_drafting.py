"""Drafts: nobody's work is overwritten unseen, everything can be taken back, errors keep a scenario in."""

import uuid
from functools import partial

import pytest
from django.utils import timezone

from courses.progress.publishing import NotPublishableError as LessonNotPublishableError
from courses.progress.publishing import publish as publish_lesson
from courses.scenarios import copying, editing
from courses.scenarios.actions import drafting, publishing
from courses.scenarios.actions.drafting import ConflictError, NothingToDoError
from courses.scenarios.actions.publishing import NotPublishableError
from courses.scenarios.document import Document
from courses.scenarios.editing import Edit, Link
from courses.scenarios.faults import FaultError
from courses.scenarios.models import Scenario, ScenarioEdit, ScenarioVersion
from courses.scenarios.validator import validate
from tests.courses.scenarios.factories import changed, make_scenario, put, republish
from tests.courses.scenarios.samples import price
from tests.partners.factories import make_client

pytestmark = pytest.mark.django_db
_SATO, _TANAKA = uuid.uuid4(), uuid.uuid4()


@pytest.fixture
def scenario() -> Scenario:
    make_client()
    return make_scenario(published=False)


def _edit(scenario: Scenario, base: int, change: Edit, by: uuid.UUID = _SATO) -> drafting.Saved:
    return drafting.edit(scenario_id=scenario.pk, base=base, change=change, by=by, op="change")


def _text(scene: str, text: str) -> Edit:
    return partial(editing.change_scene, key=scene, fields={"text": text})


def test_two_authors_meet_only_in_the_same_scene(scenario: Scenario) -> None:
    assert _edit(scenario, 1, _text("open", "高い!")).current.revision == 2
    assert _edit(scenario, 1, _text("deal", "では!"), _TANAKA).current.revision == 3
    with pytest.raises(ConflictError) as conflict:
        _edit(scenario, 1, _text("open", "高すぎる。"), _TANAKA)
    assert conflict.value.met == {"scene:open"}
    assert conflict.value.current.document.by_key["open"].text == "高い!"
    assert not _edit(scenario, 1, _text("open", "高い!"), _TANAKA).changed
    with pytest.raises(ConflictError):
        drafting.save_whole(
            scenario_id=scenario.pk, base=1, document=Document("x"), by=_SATO, op="import"
        )
    assert ScenarioEdit.objects.count() == 3


def test_an_author_takes_back_and_does_again_their_own_edits(scenario: Scenario) -> None:
    before = _edit(scenario, 1, _text("won1", "…")).current.document
    _edit(scenario, 2, _text("open", "一"))
    made = _edit(scenario, 3, partial(editing.add_scene, fields={"text": "新"}, after="open")).made[
        0
    ]
    _edit(scenario, 4, _text("deal", "他の人"), _TANAKA)
    assert made not in drafting.undo(scenario_id=scenario.pk, by=_SATO).current.document.by_key
    undone = drafting.undo(scenario_id=scenario.pk, by=_SATO).current.document
    assert undone.by_key["open"] == before.by_key["open"]
    assert undone.by_key["deal"].text == "他の人"
    drafting.redo(scenario_id=scenario.pk, by=_SATO)
    again = drafting.redo(scenario_id=scenario.pk, by=_SATO).current.document
    assert again.by_key["open"].text == "一"
    assert [scene.key for scene in again.scenes][:2] == ["open", made]
    with pytest.raises(NothingToDoError):
        drafting.redo(scenario_id=scenario.pk, by=_SATO)
    drafting.undo(scenario_id=scenario.pk, by=_SATO)
    _edit(scenario, 9, _text("open", "二"))
    with pytest.raises(NothingToDoError):
        drafting.redo(scenario_id=scenario.pk, by=_SATO)


def _typed(scenario: Scenario, base: int, scene: str, text: str, by: uuid.UUID = _SATO) -> None:
    change = _text(scene, text)
    drafting.edit(scenario_id=scenario.pk, base=base, change=change, by=by, op="save")


def test_what_was_typed_with_pauses_is_taken_back_in_one_step(scenario: Scenario) -> None:
    for base, text in enumerate(("高", "高い", "高いで", "高いです"), start=1):
        _typed(scenario, base, "open", text)
    _typed(scenario, 5, "deal", "別の場面")
    _typed(scenario, 6, "deal", "別の場面だ")
    edits = list(ScenarioEdit.objects.filter(by=_SATO).values_list("revision", flat=True))
    assert sorted(edits) == [5, 7]
    undone = drafting.undo(scenario_id=scenario.pk, by=_SATO).current.document
    assert (undone.by_key["deal"].text, undone.by_key["open"].text) == ("では?", "高いです")
    assert drafting.undo(scenario_id=scenario.pk, by=_SATO).current.document == price()
    again = drafting.redo(scenario_id=scenario.pk, by=_SATO).current.document
    assert again.by_key["open"].text == "高いです"


@pytest.mark.parametrize("between", ["somebody else", "another field", "a minute", "undo"])
def test_what_is_not_one_stretch_of_typing_stays_two_steps(
    scenario: Scenario, between: str
) -> None:
    _typed(scenario, 1, "open", "一")
    if between == "somebody else":
        _typed(scenario, 2, "deal", "別", _TANAKA)
    if between == "another field":
        _edit(scenario, 2, partial(editing.change_scene, key="open", fields={"title": "題"}))
    if between == "a minute":
        ScenarioEdit.objects.update(at=timezone.now() - drafting.TYPED_WITHIN)
    if between == "undo":
        drafting.undo(scenario_id=scenario.pk, by=_SATO)
        drafting.redo(scenario_id=scenario.pk, by=_SATO)
    _typed(scenario, 9, "open", "一二")
    undone = drafting.undo(scenario_id=scenario.pk, by=_SATO).current.document
    assert undone.by_key["open"].text == "一"


def test_what_somebody_else_went_on_with_is_not_taken_back_unseen(scenario: Scenario) -> None:
    _edit(scenario, 1, _text("open", "一"))
    _edit(scenario, 2, _text("open", "二"), _TANAKA)
    with pytest.raises(ConflictError):
        drafting.undo(scenario_id=scenario.pk, by=_SATO)


def test_a_choice_makes_the_scene_that_it_leads_to_in_one_go(scenario: Scenario) -> None:
    change = partial(
        editing.add_choice, scene_key="open", fields={"text": "聞く"}, new_scene={"text": "次"}
    )
    saved = _edit(scenario, 1, change)
    choice, scene = saved.made
    assert saved.current.document.choice[choice][1].to == scene
    assert {each.code for each in saved.report.errors} == {"scene_without_choices"}
    assert [each.key for each in saved.current.document.scenes][1] == scene


def test_a_deleted_scene_tells_which_ways_were_cut(scenario: Scenario) -> None:
    saved = _edit(scenario, 1, partial(editing.delete_scene, key="deal"))
    assert saved.cut == (Link("open", "ask1"), Link("open", "wait"))
    assert "sign" not in saved.current.document.explanations
    codes = {(each.code, each.choice) for each in saved.report.errors}
    assert {("goes_nowhere", "ask1"), ("goes_nowhere", "wait")} <= codes


def test_a_copy_is_whole_and_has_keys_of_its_own() -> None:
    document = price()
    edited = copying.duplicate(document, "deal")
    copy = edited.document.by_key[edited.made[0]]
    _deal, won, some = edited.made  # both are reached through it alone; `lost` by another way too
    assert [choice.to for choice in copy.choices] == [some, "lost"]
    assert copy.choices[0].routes[0].to == won
    assert copy.limit.to == some
    assert edited.document.explanations[copy.choices[0].key] == document.explanations["sign"]
    assert not validate(edited.document).errors


def test_fields_that_are_not_known_or_keys_that_are_not_there_are_refused() -> None:
    for edit in (
        lambda d: editing.change_scene(d, "open", {"choices": []}),
        lambda d: editing.change_scene(d, "gone", {"text": ""}),
        lambda d: editing.change_choice(d, "gone", {}),
        lambda d: editing.put_explanation(d, "gone", {"why": "…"}),
        lambda d: editing.set_meta(d, {"scenes": []}),
    ):
        with pytest.raises(FaultError):
            edit(price())


def test_errors_keep_a_scenario_in_and_an_unchanged_one_publishes_nothing(
    scenario: Scenario,
) -> None:
    put(scenario, changed(price(), "weak", choices=()))
    with pytest.raises(NotPublishableError) as error:
        publishing.publish(scenario_id=scenario.pk, by=None)
    assert [each.code for each in error.value.report.errors] == ["scene_without_choices"]
    with pytest.raises(LessonNotPublishableError):
        publish_lesson(module_id=scenario.module_id, by=None)
    assert republish(scenario, price()).number == 1
    assert not publishing.publish(scenario_id=scenario.pk, by=None).changed
    lesson = publish_lesson(module_id=scenario.module_id, by=None)
    republish(scenario, changed(price(), "open", text="別"))
    assert not publish_lesson(module_id=scenario.module_id, by=None).changed
    assert lesson.version.document["blocks"][-1] == {"key": lesson.version.document["blocks"][-1]["key"],
                                                      "kind": "scenario", "data": {}}  # fmt: skip
    drafting.restore(scenario_id=scenario.pk, base=4, number=1, by=_SATO)
    assert publishing.publish(scenario_id=scenario.pk, by=None).version.number == 3
    assert ScenarioVersion.objects.values("doc_sha256").distinct().count() == 2


def test_a_proof_is_made_once(scenario: Scenario) -> None:
    version = republish(scenario, price())
    proof = publishing.prove(version_id=version.pk)
    assert (proof.proven, proof.findings) == (True, [])
    assert sum(each["count"] for each in proof.sample["endings"].values()) == 10_000
    assert publishing.prove(version_id=version.pk).at == proof.at
