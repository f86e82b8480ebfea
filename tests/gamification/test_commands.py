"""`check_standings` proves that all three agree, and says where they don't."""

import io

import pytest
import redis
from django.conf import settings
from django.core.management import CommandError, call_command

from gamification import months
from gamification.models import GroupStanding, Standing
from gamification.queries import rules
from partners.models import Person
from tests.gamification.factories import build, give
from tests.partners.factories import make_partner, make_person, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    team = make_team(make_partner())
    people = [make_person(team.organisation, team=team, sign_in=False) for _ in range(5)]
    build()
    give(people[0], 20)
    return people[0]


def check(*options: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("check_standings", *options, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_agreement_is_said(person):
    code, words = check()
    assert code == 0
    assert "agree in 1 months" in words


def test_a_wrong_standing_is_listed_and_a_rebuild_mends_it(person):
    Standing.objects.update(points=7)
    code, words = check()
    assert code == 1
    assert f"standing {person.pk}: expected 20, found 7" in words
    assert check("--rebuild") == (0, "Ledger, standings and Redis agree in 1 months.\n")


def test_a_wrong_group_is_listed(person):
    GroupStanding.objects.filter(team__isnull=False).update(points=1)
    code, words = check("--month", months.name(rules.running_month()))
    assert code == 1
    assert f"group {person.team_id}: expected (20, 5), found (1, 5)" in words


@pytest.mark.parametrize("part", ["rep", "team", "partner"])
def test_a_wrong_value_in_redis_is_listed(person, part):
    key = f"tomoni:standings:{months.name(rules.running_month())}:{part}"
    with redis.Redis.from_url(settings.REDIS_URL, decode_responses=True) as connection:
        member = connection.zrange(key, 1, 1)[0]
        connection.zadd(key, {member: 3})
    code, words = check()
    assert code == 1
    assert member in words


def test_a_lost_board_is_listed(person):
    with redis.Redis.from_url(settings.REDIS_URL) as connection:
        connection.flushdb()
    code, words = check()
    assert code == 1
    assert "expected a whole board, found none" in words


def test_without_redis_it_says_so(person, settings):
    settings.REDIS_URL = "unix:///nowhere/redis.sock?db=1"
    with pytest.raises(CommandError, match="can't be reached"):
        check()


def test_what_is_no_month_is_refused():
    with pytest.raises(CommandError, match="2026-11"):
        check("--month", "November")
