"""Reads of modules: how a team, an organisation or everybody does with each, question by question."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from analytics.figures import LEAST, MOST, STRONG, Mean, Share, Spread, spread
from analytics.models import GroupSummary, Level, ModuleSummary
from analytics.queries.where import Where, known_since
from core import rounding
from courses.assignments.queries.practising import Stumbled
from courses.catalog.models import Module, ModuleReader, ModuleVersion
from courses.catalog.naming import public
from courses.quizzes.models import QuizVersion
from courses.scenarios.models import Scenario
from courses.scenarios.queries import SHOWN
from gamification.queries import rules
from partners.folding import holding
from partners.models import Organisation, Person

PAGE_SIZE = 30
WEAK = 3
"""So many weak spots stand on a page."""


@dataclasses.dataclass(frozen=True)
class Whom:
    """Whose figures of modules are read, and who looks: a place, or (None) everybody."""

    viewer: Person
    where: Where | None = None

    @property
    def level(self) -> Level:
        """The level of the summaries."""
        return self.where.level if self.where else Level.EVERYBODY

    def since(self, published: dt.date) -> dt.date:
        """Return from when on they could learn what was published then."""
        return known_since(self.where.organisation, published) if self.where else published

    def rows(self) -> "QuerySet[Any]":
        """Return the summaries of modules."""
        found = ModuleSummary.objects.visible_to(self.viewer).filter(level=self.level)
        return found.filter(group_id=self.where.group_id) if self.where else found

    def modules(self) -> "QuerySet[Any]":
        """Return the published modules for these people, each with its `public_title` and when it first came out."""
        first = ModuleVersion.objects.filter(module=OuterRef("pk"), number=1).values("published_at")
        found = (
            Module.objects.visible_to(self.viewer)
            .filter(
                form=Module.Form.LESSON,
                version__isnull=False,
                is_archived=False,
                course__is_archived=False,
            )
            .annotate(first_published=Subquery(first), public_title=public("title"))
            .select_related("course")
        )
        return found.filter(_is_for(self.where.organisation)) if self.where else found


def _is_for(organisation: Organisation) -> Q:
    """Hold modules to those whose audience this organisation belongs to."""
    chosen = ModuleReader.objects.filter(module=OuterRef("pk"), organisation=organisation)
    wanted = Q(audience=Module.Audience.EVERYBODY) | Q(
        Exists(chosen), audience=Module.Audience.CHOSEN
    )
    if organisation.kind == Organisation.Kind.CLIENT:
        wanted |= Q(audience=Module.Audience.CLIENT)
    return wanted


@dataclasses.dataclass(frozen=True)
class Item:
    """A question with its facility: how many answered it in their first attempt, how many rightly."""

    stem: str
    share: Share


@dataclasses.dataclass(frozen=True)
class Line:
    """A module in a list: how many finished it, how well, how long it took, how it spread.

    `stumbled`: who finished without having understood it, where the viewer can ask them to practise.
    """

    module: Any
    published: dt.date
    spread: Spread
    quiz: Mean
    seconds: int
    hardest: Item | None = None
    stumbled: Stumbled | None = None

    @property
    def title(self) -> str:
        """What the module is called, as it was published."""
        return str(self.module.public_title)

    @property
    def minutes(self) -> int | None:
        """Active minutes of those who finished it, on average."""
        n = self.spread.finished.part
        return rounding.whole(self.seconds / 60 / n) if n else None

    @property
    def left(self) -> int:
        """How many have not finished it yet."""
        return self.spread.finished.whole - self.spread.finished.part


def lines(whom: Whom, words: str, number: str | None) -> "Page[Any]":
    """Return one page of published modules, the newest first; its `object_list` holds Lines. Five queries."""
    found = holding(whom.modules(), words, "public_title")
    page = Paginator(found.order_by("-first_published", "pk"), PAGE_SIZE).get_page(number)
    page.object_list = _lines(whom, list(page.object_list))
    return page


def all_lines(whom: Whom) -> list[Line]:
    """Return all published modules, for a file. Four queries. Their `module` is a row: `pk`, `course__title`, …"""
    found = whom.modules().order_by("-first_published", "pk")
    return _lines(whom, list(found.values_list(*_NAMED, named=True)), whom.rows())


def lines_of(whom: Whom, ids: Sequence[uuid.UUID]) -> list[Line]:
    """Return those of these modules that are for these people. Four queries."""
    return _lines(whom, list(whom.modules().filter(pk__in=ids)))


def line(whom: Whom, module_id: uuid.UUID) -> Line:
    """Return one module. Raises Module.DoesNotExist where it is not for these people. Four queries."""
    return _lines(whom, [whom.modules().get(pk=module_id)])[0]


_NAMED = ("pk", "public_title", "audience", "course__title", "first_published")
_FIGURES = ("module_id", "finished", "scored", "score_sum", "seconds", "days")


def _lines(whom: Whom, modules: Sequence[Any], rows: "QuerySet[Any] | None" = None) -> list[Line]:
    """Return the lines of these modules; where they are all, `rows` are all summaries: naming thousands takes long."""
    if rows is None:
        rows = whom.rows().filter(module__in=[module.pk for module in modules])
    known = {row.module_id: row for row in rows.values_list(*_FIGURES, named=True)}
    people, today, nothing = _people(whom, modules), rules.today(), ModuleSummary(days={})
    found = []
    for module in modules:
        row = known.get(module.pk, nothing)
        published = module.first_published.astimezone(rules.zone()).date()
        found.append(
            Line(
                module=module,
                published=published,
                spread=spread(row.days, people[module.pk], whom.since(published), today),
                quiz=Mean(row.scored, row.score_sum),
                seconds=row.seconds,
            )
        )
    return found


def _people(whom: Whom, modules: Sequence[Any]) -> dict[uuid.UUID, int]:
    """Return how many people each of these modules is for. Two queries."""
    found = GroupSummary.objects.visible_to(whom.viewer)
    if whom.where:
        own = found.filter(level=whom.level, group_id=whom.where.group_id)
        n = own.values_list("people", flat=True).first() or 0
        return dict.fromkeys([module.pk for module in modules], n)
    whole = found.filter(level=Level.ORGANISATION, organisation__is_active=True).aggregate(
        everybody=Coalesce(Sum("people"), 0),
        client=Coalesce(Sum("people", filter=Q(organisation__kind="client")), 0),
    )
    chosen = _people_chosen(modules)
    return {
        module.pk: chosen.get(module.pk, 0)
        if module.audience == Module.Audience.CHOSEN
        else whole[module.audience]
        for module in modules
    }


def _people_chosen(modules: Sequence[Any]) -> dict[uuid.UUID, int]:
    people = GroupSummary.objects.filter(
        level=Level.ORGANISATION,
        organisation__is_active=True,
        group_id=OuterRef("organisation_id"),
    )
    rows = (
        ModuleReader.objects.filter(
            module__in=[each.pk for each in modules if each.audience == Module.Audience.CHOSEN]
        )
        .annotate(people=Subquery(people.values("people")[:1]))
        .order_by()
        .values("module_id")
        .annotate(n=Coalesce(Sum("people"), 0))
    )
    return {row["module_id"]: row["n"] for row in rows}


def weak(whom: Whom) -> list[Line]:
    """Return the modules in which first attempts went worst, each with its hardest question. Four queries."""
    rows = {
        row.module_id: row
        for row in whom.rows()
        .filter(
            scored__gte=LEAST,
            score_sum__lt=F("scored") * STRONG * 10,
            module__in=whom.modules().order_by().values("pk"),
        )
        .order_by(F("score_sum") * 1.0 / F("scored"), "module_id")[:WEAK]
    }
    if not rows:
        return []
    modules = {each.pk: each for each in whom.modules().filter(pk__in=rows)}
    stems = _stems(module.version_id for module in modules.values())
    people = _people(whom, list(modules.values()))
    return [
        Line(
            module=modules[pk],
            published=rules.today(),
            spread=Spread(Share(min(row.finished, people[pk]), people[pk], MOST), None, 0),
            quiz=Mean(row.scored, row.score_sum, STRONG),
            seconds=row.seconds,
            hardest=next(iter(_items(row.items, stems[modules[pk].version_id])), None),
        )
        for pk, row in rows.items()
        if pk in modules
    ]


def answered(whom: Whom) -> bool:
    """Say whether anybody has answered a quiz yet. One query."""
    return bool(whom.rows().filter(scored__gt=0).exists())


def items(whom: Whom, module: Module) -> list[Item]:
    """Return a module's questions, the hardest first. Two queries."""
    row = whom.rows().filter(module=module).first()
    return _items(row.items, _stems([module.version_id])[module.version_id]) if row else []


def scenario_of(whom: Whom, module: Module) -> Scenario | None:
    """Return the scenario by which a module is finished, also one taken back; None where that is a quiz. One query."""
    quiz = QuizVersion.objects.filter(module_version_id=module.version_id)
    found = Scenario.objects.visible_to(whom.viewer).filter(
        ~Exists(quiz), module=module, module__version__document__contains=SHOWN
    )
    return found.first()


def _stems(version_ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID | None, dict[str, str]]:
    """Return the questions of published versions, by version and key. One query."""
    stems: dict[uuid.UUID | None, dict[str, str]] = {each: {} for each in version_ids}
    found = QuizVersion.objects.filter(module_version__in=[each for each in stems if each])
    for version_id, document in found.values_list("module_version_id", "document"):
        stems[version_id] |= {item["key"]: item["stem"] for item in document["items"]}
    return stems


def _items(answered: Mapping[str, Sequence[int]], stems: Mapping[str, str]) -> list[Item]:
    found = [
        Item(stems[key], Share(correct, n))
        for key, (n, correct) in answered.items()
        if key in stems
    ]
    return sorted(found, key=lambda item: (item.share.part / item.share.whole, item.stem))
