"""Reads of what first attempts made of each question of a module, as it is worded now."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from analytics.figures import Share
from analytics.queries.recount import COUNTED
from analytics.queries.where import Where
from analytics.questions import Option, Question, hardest_first
from courses.catalog.models import Module
from courses.quizzes.models import KeyCorrection, QuizVersion
from partners.models import Person

ROLES = ("author", "manager", "sales_manager", "admin")
"""Roles that see how questions do. No names stand there; a partner's managers see their own people's answers."""


@dataclass(frozen=True)
class Asked:
    """A module's questions, the hardest first. `attempts`: how many first attempts they stand on."""

    module: Module
    title: str
    questions: Sequence[Question]
    attempts: int


def questions(viewer: Person, module_id: uuid.UUID, where: Where | None = None) -> Asked:
    """Return how the questions of a published module do, in a place or among all whom the viewer may see. Four queries.

    All are the people of companies that are worked with, of a partner's viewer the own company's. Answers to an
    earlier version count where question, options and right answers were the same. Raises Module.DoesNotExist for a
    module that isn't theirs to see, or asks no question.
    """
    found = Module.objects.visible_to(viewer).filter(version__isnull=False)
    module = found.select_related("version").get(pk=module_id)
    asked_now = QuizVersion.objects.filter(module_version_id=module.version_id).values("quiz")
    versions = list(QuizVersion.objects.filter(quiz__in=asked_now).order_by("quiz_id", "-number"))
    if not versions:
        raise Module.DoesNotExist
    keys = _keys(versions)
    newest = [each for each in versions if each.module_version_id == module.version_id]
    same = _same(newest, versions, keys)
    figures, chosen = _counted(_whose(viewer, where), newest, same)
    found_out = [
        _question(number, raw, figures.get(name), chosen[name], keys[version.pk])
        for number, (version, raw, name) in enumerate(_each(newest), start=1)
    ]
    title = str(module.version.document["title"]) if module.version else module.title
    most = max((question.n for question in found_out), default=0)
    return Asked(module, title, hardest_first(found_out), most)


def _each(versions: Sequence[QuizVersion]) -> list[tuple[QuizVersion, Mapping[str, Any], str]]:
    """Return each question of these versions with a name that no other quiz has."""
    return [
        (version, raw, f"{version.quiz_id}:{raw['key']}")
        for version in versions
        for raw in version.document["items"]
    ]


def _keys(versions: Sequence[QuizVersion]) -> dict[uuid.UUID, dict[str, list[str]]]:
    """Return the right options of each question of each version, corrections put in. One query."""
    keys = {
        version.pk: {
            raw["key"]: [option["key"] for option in raw["options"] if option["correct"]]
            for raw in version.document["items"]
        }
        for version in versions
    }
    corrections = KeyCorrection.objects.filter(quiz_version__in=versions).order_by("number")
    for each in corrections:
        keys[each.quiz_version_id][each.item_key] = each.correct_keys
    return keys


def _same(
    newest: Sequence[QuizVersion],
    versions: Sequence[QuizVersion],
    keys: Mapping[uuid.UUID, Mapping[str, list[str]]],
) -> list[tuple[uuid.UUID, str, str]]:
    """Return version, key and name of all questions that say the same as one of the newest."""

    def said(version: QuizVersion, raw: Mapping[str, Any]) -> tuple[Any, ...]:
        options = [(option["key"], option["text"]) for option in raw["options"]]
        return raw["kind"], raw["stem"], options, sorted(keys[version.pk][raw["key"]])

    now = {name: said(version, raw) for version, raw, name in _each(newest)}
    return [
        (version.pk, raw["key"], name)
        for version, raw, name in _each(versions)
        if now.get(name) == said(version, raw)
    ]


_ANSWERED = f"""
WITH wanted AS (
  SELECT * FROM unnest(%(versions)s::uuid[], %(keys)s::text[], %(names)s::text[]) AS w (version_id, item_key, name)
), answers AS (
  SELECT t.quiz_version_id, a.item_key, a.option_keys, a.credit::double precision AS credit,
         (sum(a.credit) OVER (PARTITION BY t.id) - a.credit)::double precision AS others
    FROM quizzes_attempt t
    JOIN partners_person p ON p.id = t.person_id
    JOIN partners_organisation o ON o.id = p.organisation_id
    JOIN quizzes_answer a ON a.attempt_id = t.id AND a.credit IS NOT NULL
   WHERE t.quiz_id = ANY (%(quizzes)s) AND t.is_first AND t.state = 'scored' AND {COUNTED}
     AND CASE WHEN %(organisation)s::uuid IS NULL THEN o.is_active
              ELSE p.organisation_id = %(organisation)s END
     AND (%(team)s::uuid IS NULL OR p.team_id = %(team)s)
), answered AS (
  SELECT w.name, a.option_keys, a.credit, a.others
    FROM answers a JOIN wanted w ON w.version_id = a.quiz_version_id AND w.item_key = a.item_key
)
SELECT name, NULL AS option, count(*), count(*) FILTER (WHERE credit = 1), corr(credit, others)
  FROM answered GROUP BY name
UNION ALL
SELECT name, option, count(*), NULL, NULL FROM answered, unnest(option_keys) AS option GROUP BY name, option
"""  # noqa: S608 - COUNTED is a constant; every value is a parameter

Figures = tuple[int, int, float | None]


def _whose(viewer: Person, where: Where | None) -> dict[str, uuid.UUID | None]:
    """Return the organisation and team whose answers are counted; None is any."""
    if where is not None:
        return {
            "organisation": where.organisation.pk,
            "team": where.team.pk if where.team else None,
        }
    return {"organisation": None if viewer.of_client else viewer.organisation_id, "team": None}


def _counted(
    whose: Mapping[str, uuid.UUID | None],
    newest: Sequence[QuizVersion],
    same: Sequence[tuple[uuid.UUID, str, str]],
) -> tuple[dict[str, Figures], dict[str, dict[str, int]]]:
    """Return, by name: answers, right ones and the correlation; and how often each option was chosen. One query."""
    values: dict[str, Any] = {
        "versions": [version for version, _, _ in same],
        "keys": [key for _, key, _ in same],
        "names": [name for _, _, name in same],
        "quizzes": [version.quiz_id for version in newest],
        **whose,
    }
    figures: dict[str, Figures] = {}
    chosen: dict[str, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERED, values)
        for name, option, n, right, correlation in cursor.fetchall():
            if option is None:
                figures[name] = n, right, correlation
            else:
                chosen[name][option] = n
    return figures, chosen


def _question(
    number: int,
    raw: Mapping[str, Any],
    figures: Figures | None,
    chosen: Mapping[str, int],
    keys: Mapping[str, list[str]],
) -> Question:
    n, right, correlation = figures or (0, 0, None)
    options = [
        Option(each["text"], each["key"] in keys[raw["key"]], Share(chosen.get(each["key"], 0), n))
        for each in raw["options"]
    ]
    return Question(number, raw["stem"], Share(right, n), correlation, options)
