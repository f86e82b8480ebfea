"""How often something may be tried: counted in windows of time, exactly, also when many try at once.

The count lives in Redis (one script, so nothing comes between reading and counting). While Redis is
away it lives in the table `core_ratewindow`: a guard against guessing must not fall with a cache. A
window that began on one side isn't carried over, so a fall of Redis gives at most one more window.
A window begins with the first try and ends by itself: tries beyond the limit don't make it longer,
so that nobody can lock somebody else out for good.
"""

import hashlib
import math
from dataclasses import dataclass

import structlog
from django.db import connection
from django.db.models import F
from django.utils import timezone
from redis.exceptions import RedisError

from core import redisclient
from core.models import RateWindow

log = structlog.get_logger(__name__)

_COUNT = """
local hits = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  left = tonumber(ARGV[1])
end
return {hits, left}
"""

_TAKE_BACK = """
if tonumber(redis.call('GET', KEYS[1]) or 0) > 0 then
  return redis.call('DECR', KEYS[1])
end
return -1
"""

_COUNT_IN_DATABASE = """
INSERT INTO core_ratewindow AS w (key, hits, ends_at)
VALUES (%(key)s, 1, clock_timestamp() + make_interval(secs => %(seconds)s))
ON CONFLICT (key) DO UPDATE SET
  hits = CASE WHEN w.ends_at <= clock_timestamp() THEN 1 ELSE w.hits + 1 END,
  ends_at = CASE WHEN w.ends_at <= clock_timestamp() THEN excluded.ends_at ELSE w.ends_at END
RETURNING hits, extract(epoch FROM ends_at - clock_timestamp())
"""


@dataclass(frozen=True)
class Verdict:
    """Whether this try is within the limit, how many are left, and in how many seconds to come back.

    `retry_after` is 0 while tries are left; `resets_in` says when the window ends, either way.
    """

    allowed: bool
    remaining: int
    retry_after: int
    resets_in: int = 0


def hit(scope: str, key: str, limit: int, seconds: int) -> Verdict:
    """Count one try of `key` (an address, a name) for `scope` (what is tried) and judge it.

    At most `limit` tries in `seconds` are allowed. Keys are stored as hashes only. Call it outside of
    a transaction: without Redis a rollback would forget the try.
    """
    name = f"rate:{scope}:{hashlib.sha256(key.encode()).hexdigest()[:32]}"
    try:
        hits, left = _in_redis(name, seconds)
    except (RedisError, OSError) as error:
        log.warning("rate_limit_without_redis", scope=scope, error=str(error)[:200])
        hits, left = _in_database(name, seconds)
    return Verdict(
        allowed=hits <= limit,
        remaining=max(limit - hits, 0),
        retry_after=0 if hits <= limit else max(math.ceil(left), 1),
        resets_in=max(math.ceil(left), 1),
    )


def forgive(scope: str, key: str) -> None:
    """Forget the tries so far, as after a sign-in that succeeded."""
    name = f"rate:{scope}:{hashlib.sha256(key.encode()).hexdigest()[:32]}"
    try:
        redisclient.client().delete(name)
    except (RedisError, OSError) as error:
        log.warning("rate_limit_without_redis", scope=scope, error=str(error)[:200])
    RateWindow.objects.filter(pk=name).delete()


def take_back(scope: str, key: str) -> None:
    """Don't count one try after all, as when it turned out to be no guess. Others stay counted."""
    name = f"rate:{scope}:{hashlib.sha256(key.encode()).hexdigest()[:32]}"
    try:
        if int(redisclient.client().eval(_TAKE_BACK, 1, name)) < 0:
            RateWindow.objects.filter(pk=name, hits__gt=0).update(hits=F("hits") - 1)
    except (RedisError, OSError) as error:
        log.warning("rate_limit_without_redis", scope=scope, error=str(error)[:200])
        RateWindow.objects.filter(pk=name, hits__gt=0).update(hits=F("hits") - 1)


def forget_old() -> int:
    """Delete windows that are over from the database. Returns how many."""
    deleted, _ = RateWindow.objects.filter(ends_at__lt=timezone.now()).delete()
    return deleted


def _in_redis(name: str, seconds: int) -> tuple[int, float]:
    hits, left = redisclient.client().eval(_COUNT, 1, name, seconds * 1000)
    return int(hits), int(left) / 1000


def _in_database(name: str, seconds: int) -> tuple[int, float]:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_IN_DATABASE, {"key": name, "seconds": seconds})
        hits, left = cursor.fetchone()
    return int(hits), float(left)
