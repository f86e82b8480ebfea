"""A module is duplicated with all that its draft says, and nothing of what people did with it."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from courses.authoring.actions.copying import copy_module
from courses.authoring.actions.courses import Reach, archive_course, change_reach
from courses.authoring.models import Snapshot
from courses.authoring.queries import drafts
from courses.catalog.models import Module
from courses.quizzes.models import Attempt
from courses.scenarios import reading
from courses.scenarios.actions import drafting
from courses.scenarios.models import ScenarioDraft
from partners.models import Person
from partners.problems import Problem
from tests.browser.author import make_author
from tests.courses.factories import hand_in, make_course, make_module
from tests.courses.posts.factories import browser, post
from tests.courses.scenarios.factories import put
from tests.courses.scenarios.samples import price
from tests.partners.factories import make_partner, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> Person:
    return make_author()


def test_the_copy_says_the_same_and_is_nobodys_yet(author: Person) -> None:
    module = make_module(title="価格の対話")
    hand_in(make_person(make_partner(), roles=["rep"]), module)
    made = copy_module(module_id=module.pk, by=author.pk)
    mine, theirs = (drafts.current_of(each, each.blocks.all()).document for each in (made, module))
    assert mine.title == "価格の対話（コピー）"
    assert (mine.blocks, mine.summary, mine.minutes) == (
        theirs.blocks,
        theirs.summary,
        theirs.minutes,
    )
    assert mine.blocks
    assert made.version_id is None
    assert (made.course_id, made.position) == (module.course_id, module.position + 1)
    assert not Attempt.objects.filter(quiz__module=made).exists()
    assert Snapshot.objects.filter(module=made).get().origin == Snapshot.Origin.MADE
    module.refresh_from_db()
    assert module.title == "価格の対話"


@pytest.mark.parametrize(("language", "end"), [("ja", "（コピー）"), ("en", " (copy)")])
def test_its_title_is_in_the_module_s_language(author: Person, language: str, end: str) -> None:
    module = make_module(title="価格の対話", language=language)
    assert copy_module(module_id=module.pk, by=author.pk).title == f"価格の対話{end}"


def test_it_is_for_the_same_people(author: Person) -> None:
    chosen, module = make_partner(), make_module()
    reach = Reach(module.course_id, Module.Audience.CHOSEN, [chosen], None)
    change_reach(module_id=module.pk, reach=reach)
    made = copy_module(module_id=module.pk, by=author.pk)
    assert made.audience == Module.Audience.CHOSEN
    assert made.readers.get().organisation == chosen


def test_its_scenario_goes_along_and_is_one_of_its_own(author: Person) -> None:
    module = make_module(items=[], published=False)
    scenario = drafting.create_scenario(module_id=module.pk, by=None)
    put(scenario, price())
    made = copy_module(module_id=module.pk, by=author.pk)
    mine = ScenarioDraft.objects.get(scenario__module=made)
    said = reading.parse(mine.document)
    assert said.scenes == price().scenes
    assert said.title == made.title
    assert made.blocks.filter(kind="scenario").count() == 1
    assert mine.scenario.version_id is None
    put(mine.scenario, price())
    assert ScenarioDraft.objects.get(pk=scenario.pk).saved_by is None


def test_a_post_and_what_was_put_away_are_not_duplicated(author: Person) -> None:
    with pytest.raises(Problem, match="ひとこと"):
        copy_module(module_id=post(author).module_id, by=author.pk)
    course = make_course()
    module = make_module(course=course)
    archive_course(course_id=course.pk, archived=True)
    with pytest.raises(Problem):
        copy_module(module_id=module.pk, by=author.pk)
    assert Module.objects.count() == 2


def test_one_tap_leads_to_the_copy(author: Person) -> None:
    module, writer = make_module(), browser(author)
    page = writer.get(reverse("authoring:course", args=[module.course_id])).content.decode()
    address = reverse("authoring:copy_module", args=[module.pk])
    assert f'action="{address}"' in page
    assert writer.get(address).status_code == 405
    answer = writer.post(address)
    made = Module.objects.exclude(pk=module.pk).get()
    assert answer["Location"] == reverse("authoring:editor", args=[made.pk])
    assert "新しい題名" in str(next(iter(get_messages(answer.wsgi_request))))
    rep = browser(make_person(make_partner(), roles=["rep"]))
    assert rep.post(address).status_code == 404
    assert Module.objects.count() == 2
