"""Queries that the ORM writes once: the same rows as ever, for whoever asks."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

import pytest
from django.db.models import Q, QuerySet

from core.written import written_once
from courses.catalog.models import Course, Module
from partners.models import Person, Team
from tests.courses.factories import make_module
from tests.partners.factories import make_client, make_partner, make_person, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def written() -> list[str]:
    """What was written how many times."""
    return []


def test_every_id_is_asked_for_by_the_query_that_was_written_for_the_first(
    written: list[str], django_assert_num_queries: Any
) -> None:
    @written_once
    def teams(ids: Sequence[uuid.UUID]) -> QuerySet[Team]:
        written.append("teams")
        return Team.objects.filter(pk__in=ids).select_related("organisation")

    partner = make_partner()
    first, second = make_team(partner), make_team(partner)
    with django_assert_num_queries(2):
        assert teams([first.pk]) == [first]
        found = teams([second.pk])
        assert (found, found[0].organisation) == ([second], partner)
    assert written == ["teams"]
    assert set(teams((first.pk, second.pk))) == {first, second}
    assert teams([]) == teams(()) == []
    assert written == ["teams"] * 3  # once for each length


def test_somebody_sees_what_is_theirs_and_nothing_of_who_asked_first(written: list[str]) -> None:
    @written_once
    def people(reader: Person) -> QuerySet[Person]:
        written.append("people")
        return Person.objects.visible_to(reader).filter(team_id=reader.team_id)

    partners = make_partner(), make_partner()
    reps = [make_person(each, team=make_team(each)) for each in partners]
    assert [people(rep) for rep in reps] == [[rep] for rep in reps]
    assert written == ["people"]
    of_client = make_person(make_client())
    assert people(of_client) == [of_client]
    assert written == ["people"] * 2  # the client's people see by another query


def test_roles_make_a_query_of_their_own() -> None:
    @written_once
    def modules(reader: Person) -> QuerySet[Module]:
        return Module.objects.visible_to(reader)

    client = make_client()
    module = make_module()
    Module.objects.update(is_archived=True)
    rep, author = make_person(client), make_person(client, roles=["author"])
    assert (modules(rep), modules(author), modules(rep)) == ([], [module], [])


def test_prefetched_rows_come_along(django_assert_num_queries: Any) -> None:
    @written_once
    def courses(pk: uuid.UUID) -> QuerySet[Course]:
        return Course.objects.prefetch_related("modules").filter(pk=pk)

    module = make_module()
    for _ in range(2):
        with django_assert_num_queries(2):
            assert list(courses(module.course_id)[0].modules.all()) == [module]


@pytest.mark.parametrize(
    "condition",
    [
        Q(pk=uuid.uuid4()),
        Q(created_at__lt=dt.datetime.now(dt.UTC)),
        Q(joined_on=dt.date(2026, 4, 1)),
    ],
    ids=["an id", "a moment", "a day"],
)
def test_a_value_that_nobody_gave_may_not_stand_in_the_query(condition: Q) -> None:
    @written_once
    def people(team_id: uuid.UUID) -> QuerySet[Person]:
        return Person.objects.filter(condition, team_id=team_id)

    with pytest.raises(TypeError):
        people(uuid.uuid4())


def test_a_query_knows_no_more_of_somebody_than_what_tells_what_they_see() -> None:
    @written_once
    def namesakes(reader: Person) -> QuerySet[Person]:
        return Person.objects.filter(family_name=reader.family_name)

    with pytest.raises(AttributeError):
        namesakes(make_person(make_partner()))
