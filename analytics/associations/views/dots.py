"""Whose the dots of a plot are: where each leads, and the same reps as tables, company by company."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from analytics.associations import words
from analytics.associations.question import Question
from partners.models import Person


@dataclasses.dataclass(frozen=True)
class Rep:
    """A dot as a row: its number in the drawing, whose it is and where it leads, if the reader may see them."""

    number: int
    name: str
    url: str
    learning: str
    sales: str


@dataclasses.dataclass(frozen=True)
class Company:
    """The reps of a company, from the one who learned least."""

    name: str
    reps: Sequence[Rep]


def names(viewer: Person, result: Mapping[str, Any]) -> dict[str, str]:
    """Return the names of those dots' people whom this person may see. One query at most."""
    people = result.get("people_of_dots", [])
    if not people:
        return {}
    found = Person.objects.visible_to(viewer).filter(pk__in=people)
    return {str(each.pk): each.name for each in found.only("family_name", "given_name")}


def leads(result: Mapping[str, Any], seen: Mapping[str, str]) -> list[str]:
    """Return where each dot leads: to the page of its person, if seen: their learning, and the way to their sales."""
    return [_lead(each, seen) for each in result.get("people_of_dots", [])]


def companies(
    question: Question, result: Mapping[str, Any], seen: Mapping[str, str]
) -> list[Company]:
    """Return the dots as rows, the companies in the order of the legend; nothing where dots have no people."""
    reps: dict[int, list[Rep]] = {place["number"]: [] for place in result["places"]}
    people = result.get("people_of_dots", [])
    for number, (dot, person) in enumerate(zip(result.get("dots", []), people, strict=False)):
        place, learning, sales = dot
        reps[place].append(
            Rep(
                number,
                seen.get(person, ""),
                _lead(person, seen),
                words.amount(question.learning, learning),
                words.amount(question.sales, sales, question.currency),
            )
        )
    return [
        Company(place["name"], reps[place["number"]])
        for place in result["places"]
        if reps[place["number"]]
    ]


def _lead(person: str, seen: Mapping[str, str]) -> str:
    return reverse("analytics:person", args=[person]) if person in seen else ""
