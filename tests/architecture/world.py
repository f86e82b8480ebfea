"""A small world for the walk through all doors: a client, a partner, and a rival full of canaries.

The rival comes last and brings nothing that all share, so that a world without it is the same but for the rival.
"""

import dataclasses
import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from analytics.scenarios import actions as tallies
from core.access import ROLES
from core.scope import CLIENT, scoped
from courses.assignments.actions.assigning import Wish, assign
from courses.assignments.targets import Target
from courses.authoring.scenarios.models import AceLink
from courses.catalog.models import Course, Module, Term
from courses.posts.actions.posting import shelf
from courses.posts.models import Post
from courses.quizzes.models import BankFile, BankItem
from courses.scenarios.models import Scenario
from partners.models import Organisation, Person
from sales.actions import Count, record_activities
from sales.imports.models import Import, Match, Name
from sales.models import Product, Source
from tests.analytics.associations.factories import (
    found,
    ready_grid,
    ready_report,
    ready_study,
    waiting_grid,
)
from tests.analytics.associations.launch_factories import ready_launch, ready_power, ready_rollout
from tests.architecture import things
from tests.architecture.ids import WORDS, unknown, values_for
from tests.architecture.things import picture
from tests.courses.factories import hand_in, make_module, version_of
from tests.courses.scenarios.factories import make_scenario, play
from tests.partners.factories import make_client, make_partner, make_person, make_team

__all__ = ["WORDS", "Side", "build", "picture", "unknown", "values_for"]

CANARY = "カナリア"
RIVAL_SOLD = 48611
"""What each seller of the rival has sold: no other number is like it."""
SECRET = 65537
"""What each other manager has sold; who has no right to sales figures never reads it."""
_REPS = Target("role", role="rep")


@dataclasses.dataclass(frozen=True)
class Side:
    """One organisation with a person for each role, and the ids that belong to it."""

    organisation: Organisation
    people: dict[str, Person]
    ids: dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Shared:
    """What the client teaches; each organisation takes one of `asked` and one of `posted`."""

    module: Module
    asked: list[Module]
    posted: list[Module]


def build() -> tuple[Side, Side, Side]:
    """Make the client, a partner, and its rival, all of whose texts hold the canary."""
    ours, mine, shared = without_rival()
    return ours, mine, add_rival(shared)


def without_rival() -> tuple[Side, Side, Shared]:
    """Make the client and a partner, and what is shared."""
    client = make_client(is_demo=True)
    with scoped(CLIENT):
        shared = _teach()
        Product.objects.create(code="CHECK", name="ホナミ点検")
        ours = _side(client, "", shared, sold=7)
        mine = _side(make_partner("みらい営業"), "", shared, sold=7)
        everybody = Wish(module=make_module(course=shared.module.course), targets=[_REPS])
        assign(actor=ours.people["admin"], wish=everybody)
    return ours, mine, shared


def add_rival(shared: Shared) -> Side:
    """Make the rival, all of whose texts hold the canary."""
    with scoped(CLIENT):
        return _side(make_partner(f"{CANARY}商事"), CANARY, shared, sold=RIVAL_SOLD)


def _teach() -> Shared:
    module = make_module()
    AceLink.objects.create(
        scenario=make_scenario(course=module.course),
        about="ask1",
        token_hash="-",
        made_by=uuid.uuid4(),
        expires_at=timezone.now() + dt.timedelta(days=9),
    )
    Term.objects.create(word="稟議", reading="りんぎ", meaning="承認を順に集める決め方。")
    posted = {"items": [], "course": shelf(), "form": "post", "audience": "client"}
    return Shared(
        module,
        [make_module(course=module.course) for _ in range(3)],
        [make_module(title=f"ひとこと{n}", **posted) for n in range(3)],
    )


def _side(organisation: Organisation, mark: str, shared: Shared, *, sold: int) -> Side:
    team = make_team(organisation, f"{mark}第1チーム")
    people = {
        role: make_person(
            organisation,
            roles=[role],
            team=team,
            family_name=f"{mark}{role}",
            territory=f"{mark}エリア",
            is_demo=True,
        )
        for role in ROLES
    }
    rep = people["rep"]
    place = {"organisation_id": organisation.pk, "team_id": team.pk, "person_id": rep.pk}
    parts = [
        things.media(organisation, people, mark),
        things.letters(mark),
        _learning(people, shared, mark),
        _playing(people["rep"]),
        _authoring(organisation, people, shared.posted.pop(), mark),
        _selling(organisation, people, mark, sold),
        things.programs(organisation, people, mark),
    ]
    ids: dict[str, Any] = dict(place)
    for part in parts:
        ids |= part
    return Side(organisation, people, ids)


def _learning(people: dict[str, Person], shared: Shared, mark: str) -> dict[str, Any]:
    """Let a rep hand in an attempt, and a manager ask the team for another module."""
    module = shared.module
    attempt = hand_in(people["rep"], module)
    own = Wish(
        module=shared.asked.pop(),
        targets=[Target("team", people["rep"].team_id)],
        due_on=dt.date(2099, 12, 1),
        message=mark,
    )
    assignment = assign(actor=people["manager"], wish=own)
    return {
        "module_id": module.pk,
        "scenario_id": Scenario.objects.get().pk,
        "link_id": AceLink.objects.get().pk,
        "course_id": module.course_id,
        "term_id": Term.objects.get().pk,
        "quiz_version_id": version_of(module).pk,
        "attempt_id": attempt.attempt_id,
        "assignment_id": assignment.pk,
    }


def _playing(rep: Person) -> dict[str, Any]:
    """Let a rep play a scenario to an end, and stand in the middle of it again; and count both."""
    scenario = Scenario.objects.get()
    run = play(rep, scenario, "wait", "flee")
    play(rep, scenario, "cut1")
    tallies.mend()
    return {"run_id": run.pk, "ace_id": rep.pk}


def _authoring(
    organisation: Organisation, people: dict[str, Person], posted: Module, mark: str
) -> dict[str, Any]:
    """Keep a question and a file of questions, and let an author post something."""
    item = BankItem.objects.create(
        organisation=organisation, code="Q-1", stem=f"{mark}の問題", search=mark
    )
    file = BankFile.objects.create(
        organisation=organisation,
        brought_by=people["rep"].pk,
        name=f"{mark}.csv",
        content=f"code,question\nQ-1,{mark}".encode(),
    )
    post = Post.objects.create(
        module=posted,
        key=uuid.uuid4(),
        made_by=people["author"].pk,
        published_at=timezone.now(),
    )
    return {"item_id": item.pk, "file_id": file.pk, "post_id": post.pk}


def _selling(
    organisation: Organisation, people: dict[str, Person], mark: str, sold: int
) -> dict[str, Any]:
    """Let a rep sell, a file of deals be brought, and a manager ask how learning goes along with it."""
    _sell(people["rep"], sold)
    _sell(people["manager"], RIVAL_SOLD if mark else SECRET)
    brought = _bring(organisation, people["rep"], mark)
    report = ready_report(people["manager"], found(name=mark or "みらい営業"))
    course = Course.objects.earliest("created_at")
    ready_study(organisation, course)
    power = ready_power(people["sales_manager"], course, [organisation])
    plan = ready_rollout(power, {organisation.pk: 1})
    grid = ready_grid(organisation, reps=sold if mark else 36)
    return {
        "asked_id": waiting_grid(people["manager"]).pk,
        "grid_id": grid.pk,
        "cell_id": grid.cells.earliest("pk").pk,
        "import_id": brought.pk,
        "name_id": Name.objects.get(file=brought).pk,
        "match_id": _remembered(brought, people["rep"], mark).pk,
        "product_id": Product.objects.get().pk,
        "source_id": Source.objects.get(kind=Source.Kind.HAND).pk,
        "report_id": report.pk,
        "power_id": power.pk,
        "rollout_id": plan.pk,
        "study_id": ready_launch(people["sales_manager"], course).pk,
    }


def _remembered(file: Import, rep: Person, mark: str) -> Match:
    """Remember whom a word of a file's source means."""
    return Match.objects.create(
        organisation=file.organisation,
        source=file.source,
        kind="person",
        text=f"{mark}{rep.pk}",
        rep=rep,
    )


def _sell(rep: Person, count: int) -> None:
    """Let somebody have called so many today."""
    made = Count(
        person_id=rep.pk,
        product_id=Product.objects.get().pk,
        day=dt.datetime.now(dt.UTC).date(),
        measure="calls",
        count=count,
    )
    record_activities(source_id=Source.objects.get(kind=Source.Kind.HAND).pk, counts=[made])


def _bring(organisation: Organisation, rep: Person, mark: str) -> Import:
    """Let a file of deals have been looked at, with a word that nobody knows."""
    file = Import.objects.create(
        organisation=organisation,
        source=Source.objects.get(kind=Source.Kind.HAND),
        grain="opportunity",
        state="checked",
        name=f"{mark}deals.csv",
        rows=1,
        head=[["商談ID"], [mark]],
        encoding="utf-8",
        mapping={"columns": {"external_id": 0}},
        counts={"new": 1, "changed": 0, "same": 0, "left": 0, "troubles": 0},
        brought_by=rep.pk,
    )
    Name.objects.create(
        organisation=organisation, file=file, kind="person", text=f"{mark}さん", rows=1, first_row=2
    )
    return file
