"""Publishing now or at a date: what it means, what keeps it back, and that a clock publishes once."""

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from core.models import Notice
from core.notices import queries as notices
from core.scope import CLIENT, scoped
from courses.authoring.actions import publications
from courses.authoring.actions.drafts import save_draft
from courses.authoring.models import Draft, PlannedPublication, Snapshot
from courses.authoring.queries.impact import impact, question_changes
from courses.authoring.tasks import publish_due
from courses.catalog.models import Module, ModuleVersion
from courses.progress import publishing
from courses.progress.models import ModuleProgress
from courses.progress.publishing import NotPublishableError
from courses.quizzes.actions import Delivered, take_answers
from courses.quizzes.models import Attempt
from partners.models import Person
from partners.problems import Problem
from tests.courses.authoring.writing import (
    browser_of,
    draft,
    make_author,
    quiz_block,
    read,
    save,
    text_block,
)
from tests.courses.factories import answers_for, make_course, make_module, single, version_of
from tests.partners.factories import make_partner, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    """An author."""
    return make_author()


@pytest.fixture
def author(person: Person) -> Browser:
    """An author's browser."""
    return browser_of(person)


@pytest.fixture
def module() -> Module:
    """A module that has only been drafted."""
    module = Module.objects.create(course=make_course(), title="")
    save(module, 0)
    return module


def _post(author: Browser, module: Module, **data: Any) -> Any:
    return author.post(reverse("authoring:publish", args=[module.pk]), data)


def _page(author: Browser, module: Module) -> str:
    return author.get(reverse("authoring:publish", args=[module.pk])).content.decode()


def test_what_was_looked_at_is_published_with_its_note(
    author: Browser, person: Person, module: Module
) -> None:
    assert _post(author, module, act="now", base=1, note="最初の公開").status_code == 302
    version = ModuleVersion.objects.get()
    assert (version.number, version.note, version.published_by) == (1, "最初の公開", person.pk)
    assert version.document["title"] == "値引きの前に"
    assert Snapshot.objects.get(version=version).revision == 1
    row = Draft.objects.get()
    assert row.published_hash == row.content_hash


def test_publishing_the_same_again_makes_no_version(author: Browser, module: Module) -> None:
    _post(author, module, act="now", base=1)
    answer = _post(author, module, act="now", base=1)
    assert answer.status_code == 302
    assert ModuleVersion.objects.count() == 1
    assert 'name="act"' not in _page(author, module)


def test_a_draft_that_was_changed_meanwhile_is_not_published_unseen(
    author: Browser, module: Module
) -> None:
    save(module, 1, title="ほかの人の題")
    answer = _post(author, module, act="now", base=1, note="書いたメモ")
    assert answer.status_code == 422
    assert not ModuleVersion.objects.exists()
    page = answer.content.decode()
    assert "書いたメモ" in page
    assert 'name="base" value="2"' in page


def test_problems_keep_it_back_and_lead_to_their_place(author: Browser, module: Module) -> None:
    save(module, 1, blocks=[quiz_block(single("q001", stem=""))])
    page = _page(author, module)
    assert f"{reverse('authoring:editor', args=[module.pk])}#block-quiz0001" in page
    assert 'value="now"' not in page
    assert _post(author, module, act="now", base=2).status_code == 422
    assert not ModuleVersion.objects.exists()


def test_the_title_may_be_empty_in_a_draft_but_not_in_public(
    person: Person, module: Module
) -> None:
    save(module, 1, title=" ")
    with pytest.raises(NotPublishableError) as caught:
        publications.publish_now(module_id=module.pk, base=2, note="", by=person.pk)
    assert [problem.field for problem in caught.value.problems] == ["title"]


def test_an_archived_module_or_course_publishes_nothing(person: Person, module: Module) -> None:
    for row in (module, module.course):
        row.is_archived = True
        row.save(update_fields=["is_archived"])
        with pytest.raises(Problem):
            publications.publish_now(module_id=module.pk, base=1, note="", by=person.pk)
        with pytest.raises(Problem):
            _plan(module, person, hours=1)
        row.is_archived = False
        row.save(update_fields=["is_archived"])
    assert not ModuleVersion.objects.exists()


def test_a_module_that_was_never_saved_here_is_published_as_it_stands(person: Person) -> None:
    module = make_module(published=False)
    done = publications.publish_now(module_id=module.pk, base=0, note="", by=person.pk)
    assert done.changed
    assert Draft.objects.get().revision == 0
    assert Snapshot.objects.get().version == done.version
    saved = save_draft(
        module_id=module.pk, base=0, document=read(draft(title="次の題")), by=person.pk
    )
    assert saved.current.revision == 1
    assert Snapshot.objects.count() == 2


def test_people_in_the_middle_are_counted_by_what_happens_to_them(author: Browser) -> None:
    module, partner = make_module(), make_partner()
    answering, watching, finished = (make_person(partner) for _ in range(3))
    delivered = Delivered(uuid.uuid4(), answers_for(module)[:1], module_id=module.pk)
    take_answers(person=answering, delivered=delivered)
    for person, at in ((answering, None), (watching, None), (finished, timezone.now())):
        ModuleProgress.objects.create(
            person=person, organisation=partner, module=module, finished_at=at
        )
    make_module()
    found = impact(module)
    assert (found.answering, found.watching, found.finished, found.in_the_middle) == (1, 1, 1, 2)
    save(module, 0)
    assert "2" in _page(author, module)


def test_the_page_says_which_questions_change_and_which_key() -> None:
    module = make_module(items=[single("q001"), single("q002"), single("q003"), single("q005")])
    items = [
        single("q001"),
        single("q002", right="b"),
        single("q003", stem="別の問い"),
        single("q004"),
    ]
    document = read(draft(text_block(), quiz_block(*items)))
    module.refresh_from_db()
    found = {(each.key, each.what) for each in question_changes(module, document)}
    assert found == {("q002", "key"), ("q003", "changed"), ("q004", "added"), ("q005", "removed")}


# --- At a date ------------------------------------------------------------------------------------


def _plan(module: Module, person: Person, **ahead: int) -> PlannedPublication:
    at = timezone.now() + dt.timedelta(**ahead)
    return publications.plan(module_id=module.pk, at=at, note="予定のメモ", by=person.pk)


def test_a_planned_publication_comes_out_once_when_its_moment_has_come(
    person: Person, module: Module
) -> None:
    plan = _plan(module, person, hours=2)
    publish_due()
    assert not ModuleVersion.objects.exists()
    with time_machine.travel(timezone.now() + dt.timedelta(hours=3)):
        publish_due()
        publish_due()
    version = ModuleVersion.objects.get()
    plan.refresh_from_db()
    assert (plan.state, plan.version) == ("done", version)
    assert (version.note, version.published_by) == ("予定のメモ", person.pk)
    assert Notice.objects.filter(person_id=person.pk).count() == 1
    (told,) = notices.shown(person.pk)
    assert "値引きの前に" in told.text


def test_a_plan_that_breaks_holds_up_no_other(
    person: Person, module: Module, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Module.objects.create(course=module.course, title="")
    save(broken, 0)
    plans = [_plan(broken, person, hours=1), _plan(module, person, hours=2)]
    publish = publishing.publish

    def breaking(*, module_id: uuid.UUID, **rest: Any) -> Any:
        if module_id == broken.pk:
            raise AttributeError("nobody foresaw this")
        return publish(module_id=module_id, **rest)

    with time_machine.travel(timezone.now() + dt.timedelta(hours=3)):
        with monkeypatch.context() as ours:
            ours.setattr(publishing, "publish", breaking)
            publish_due()
        assert ModuleVersion.objects.get().module == module
        states = [PlannedPublication.objects.get(pk=plan.pk).state for plan in plans]
        assert states == ["waiting", "done"]
        publish_due()
    assert ModuleVersion.objects.count() == 2


def test_the_clock_needs_no_scope_of_its_own(person: Person, module: Module) -> None:
    _plan(module, person, hours=1)
    with time_machine.travel(timezone.now() + dt.timedelta(hours=2)), scoped(""):
        publish_due()
    assert ModuleVersion.objects.count() == 1


def test_what_is_published_is_the_draft_as_it_stands_then(person: Person, module: Module) -> None:
    _plan(module, person, hours=1)
    save(module, 1, title="そのときの題")
    with time_machine.travel(timezone.now() + dt.timedelta(hours=2)):
        publish_due()
    assert ModuleVersion.objects.get().document["title"] == "そのときの題"


def test_a_draft_with_problems_is_held_and_its_author_told(person: Person, module: Module) -> None:
    plan = _plan(module, person, hours=1)
    save(module, 1, title="")
    with time_machine.travel(timezone.now() + dt.timedelta(hours=2)):
        publish_due()
        publish_due()
    plan.refresh_from_db()
    assert plan.state == "held"
    assert not ModuleVersion.objects.exists()
    assert Notice.objects.get().url == reverse("authoring:publish", args=[module.pk])


@pytest.mark.parametrize("change", [{"is_active": False}, {"roles": ["rep"]}])
def test_what_was_planned_by_whoever_may_not_publish_any_more_is_held(
    change: dict[str, Any],
):
    person = make_author()
    admin = make_person(person.organisation, roles=["admin"])
    module = make_module()
    at = timezone.now() + dt.timedelta(hours=1)
    plan = publications.plan(module_id=module.pk, at=at, note="", by=person.pk)
    versions = ModuleVersion.objects.count()
    Person.objects.filter(pk=person.pk).update(**change)
    with time_machine.travel(timezone.now() + dt.timedelta(hours=2)):
        publications.publish_due()
    plan.refresh_from_db()
    assert plan.state == "held"
    assert ModuleVersion.objects.count() == versions
    told = admin if "is_active" in change else person
    assert Notice.objects.get().person_id == told.pk


def test_a_plan_is_made_shown_replaced_and_called_off(author: Browser, module: Module) -> None:
    at = (timezone.localtime() + dt.timedelta(days=3)).strftime("%Y-%m-%dT09:00")
    assert _post(author, module, act="plan", base=1, at=at, note="").status_code == 302
    assert 'value="cancel"' in _page(author, module)
    later = (timezone.localtime() + dt.timedelta(days=4)).strftime("%Y-%m-%dT09:00")
    _post(author, module, act="plan", base=1, at=later)
    states = PlannedPublication.objects.order_by("planned_at").values_list("state", flat=True)
    assert list(states) == ["cancelled", "waiting"]
    _post(author, module, act="cancel")
    assert not PlannedPublication.objects.filter(state="waiting").exists()
    with time_machine.travel(timezone.now() + dt.timedelta(days=5)):
        publish_due()
    assert not ModuleVersion.objects.exists()


@pytest.mark.parametrize("at", ["", "2020-01-01T09:00", "2199-01-01T09:00", "morgen", "\x00"])
def test_a_moment_that_cannot_be_is_refused_and_the_note_stays(
    author: Browser, module: Module, at: str
) -> None:
    answer = _post(author, module, act="plan", base=1, at=at, note="残るメモ")
    assert answer.status_code == 422
    assert "残るメモ" in answer.content.decode()
    assert not PlannedPublication.objects.exists()


def test_publishing_now_calls_the_plan_off(person: Person, module: Module) -> None:
    _plan(module, person, hours=1)
    publications.publish_now(module_id=module.pk, base=1, note="", by=person.pk)
    assert PlannedPublication.objects.get().state == "cancelled"


@pytest.mark.parametrize("base", ["", "-1", "x", "99999999999999", "1.5"])
def test_a_strange_base_publishes_nothing(author: Browser, module: Module, base: str) -> None:
    assert _post(author, module, act="now", base=base).status_code == 422
    assert not ModuleVersion.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"state": "waiting"},
        {"state": "done", "ended_at": timezone.now()},
        {"state": "cancelled"},
        {"state": "unknown", "ended_at": timezone.now()},
    ],
)
def test_the_database_refuses_plans_that_make_no_sense(
    module: Module, values: dict[str, Any]
) -> None:
    PlannedPublication.objects.create(module=module, at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedPublication.objects.create(module=module, at=timezone.now(), **values)


def test_a_result_stays_with_the_version_that_was_begun(person: Person) -> None:
    module, rep = make_module(items=[single("q001"), single("q002")]), make_person(make_partner())
    begun = Delivered(uuid.uuid4(), answers_for(module)[:1], module_id=module.pk)
    take_answers(person=rep, delivered=begun)
    first = version_of(module)
    save(module, 0, blocks=[text_block(key="blk000"), quiz_block(single("q009"), key="blk001")])
    with scoped(CLIENT):
        publications.publish_now(module_id=module.pk, base=1, note="", by=person.pk)
    end = Delivered(begun.attempt_id, [], submit=True)
    receipt = take_answers(person=rep, delivered=end)
    assert (receipt.state, set(receipt.saved)) == ("submitted", {"q001"})
    assert Attempt.objects.get().quiz_version == first
