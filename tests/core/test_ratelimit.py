"""How often something may be tried."""

import pytest
import redis

from core import ratelimit, redisclient
from core.models import RateWindow
from tests.concurrency.racing import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have our Redis unreachable, as when it is down."""
    nowhere = redis.Redis.from_url("unix:///nowhere/redis.sock")
    monkeypatch.setattr(redisclient, "client", lambda: nowhere)


def test_tries_up_to_the_limit_are_allowed_and_the_next_one_says_when_to_come_back():
    verdicts = [ratelimit.hit("sign-in", "a@example.com", 3, 60) for _ in range(4)]
    assert [verdict.allowed for verdict in verdicts] == [True, True, True, False]
    assert [verdict.remaining for verdict in verdicts] == [2, 1, 0, 0]
    assert 1 <= verdicts[-1].retry_after <= 60


def test_tries_beyond_the_limit_do_not_make_the_window_longer():
    for _ in range(20):
        last = ratelimit.hit("sign-in", "a@example.com", 1, 30)
    assert last.retry_after <= 30


def test_keys_and_scopes_are_counted_apart():
    ratelimit.hit("sign-in", "a@example.com", 1, 60)
    assert ratelimit.hit("sign-in", "b@example.com", 1, 60).allowed
    assert ratelimit.hit("reset", "a@example.com", 1, 60).allowed


def test_a_key_is_stored_as_a_hash_only():
    ratelimit.hit("sign-in", "a@example.com", 1, 60)
    names = redisclient.client().keys("rate:*")
    assert len(names) == 1
    assert "example" not in names[0]


def test_forgiven_tries_are_forgotten():
    ratelimit.hit("sign-in", "a@example.com", 1, 60)
    ratelimit.forgive("sign-in", "a@example.com")
    assert ratelimit.hit("sign-in", "a@example.com", 1, 60).allowed


def test_many_at_once_get_no_more_than_the_limit():
    verdicts = race([lambda: ratelimit.hit("sign-in", "a@example.com", 10, 60)] * 20)
    assert sum(verdict.allowed for verdict in verdicts) == 10


def test_without_redis_the_database_counts(no_redis):
    verdicts = [ratelimit.hit("sign-in", "a@example.com", 2, 60) for _ in range(3)]
    assert [verdict.allowed for verdict in verdicts] == [True, True, False]
    assert RateWindow.objects.get().hits == 3


@pytest.mark.django_db(transaction=True)
def test_without_redis_many_at_once_get_no_more_than_the_limit(no_redis):
    verdicts = race([lambda: ratelimit.hit("sign-in", "a@example.com", 5, 60)] * 12)
    assert sum(verdict.allowed for verdict in verdicts) == 5


def test_a_window_that_is_over_begins_anew_and_is_tidied_up(no_redis):
    ratelimit.hit("sign-in", "a@example.com", 1, 60)
    RateWindow.objects.update(ends_at="2026-01-01T00:00:00Z")
    assert ratelimit.hit("sign-in", "a@example.com", 1, 60).allowed
    RateWindow.objects.update(ends_at="2026-01-01T00:00:00Z")
    assert ratelimit.forget_old() == 1
