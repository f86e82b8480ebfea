"""The rankings in Redis: sorted sets that hold absolute values from the database, never sums of their own.

A month's board is a set of keys: people by points, teams and partners by tenths of a mean, a hash of the
groups' points and heads, the version that changes with every write, and the marker: which run of the
server the board was built in. A restarted server may have forgotten its last seconds, so a board of an
earlier run counts as lost. Every sorted set holds a last member that stands for its completeness: a set
that was lost and is then written to has none, and is not read until it is rebuilt.
"""

import dataclasses
import datetime as dt
import functools
import secrets
import uuid
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.client import Pipeline
from redis.exceptions import RedisError
from redis.retry import Retry

from gamification import months
from gamification.ranking import AROUND, TOP_FOR_ONLOOKERS, Group, Spot, Unit, View

_Row = TypeVar("_Row")

COMPLETE = "-"
STAYS = dt.timedelta(days=31 * (months.KEPT + 1))
_CHUNK = 1000

_VIEW = """
local key, heads, me = KEYS[1], KEYS[2], ARGV[1]
local top, around, last = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
if not redis.call('ZSCORE', key, last) then return false end
local total = redis.call('ZCARD', key) - 1
local places, lines, seen = {}, {}, {}
local function take(from, to)
  if to < from then return end
  local found = redis.call('ZREVRANGE', key, from, math.min(to, total - 1), 'WITHSCORES')
  for i = 1, #found, 2 do
    local index, member, score = from + (i - 1) / 2, found[i], found[i + 1]
    if not seen[member] then
      places[score] = places[score] or 1 + redis.call('ZCOUNT', key, '(' .. score, '+inf')
      lines[#lines + 1] = {index, places[score], member, score, redis.call('HGET', heads, member)}
      seen[member] = true
    end
  end
end
if total > 0 then take(0, top - 1) end
local index, above = false, false
if me ~= '' then index = redis.call('ZREVRANK', key, me) end
if index then
  take(math.max(0, index - around), index + around)
  local score = redis.call('ZSCORE', key, me)
  above = redis.call('ZRANGEBYSCORE', key, '(' .. score, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2] or false
end
return {total, index, above, lines}
"""


class BoardLostError(Exception):
    """Redis can't be reached, or doesn't hold this board as a whole: the database has to answer."""


@dataclasses.dataclass(frozen=True)
class Contents:
    """All that a board holds: people's points, and each group's points and heads."""

    people: dict[uuid.UUID, int]
    teams: dict[uuid.UUID, int]
    partners: dict[uuid.UUID, int]
    groups: dict[uuid.UUID, tuple[int, int]]


@functools.cache
def _connect(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        decode_responses=True,
        socket_timeout=2,
        socket_connect_timeout=0.3,
        retry=Retry(NoBackoff(), 1),  # a connection that a restart has broken is opened anew, once
    )


def _redis() -> redis.Redis:
    return _connect(settings.REDIS_URL)


def _key(month: dt.date, part: str) -> str:
    return f"tomoni:standings:{months.name(month)}:{part}"


_PARTS = (*Unit, "heads", "points")


def view(month: dt.date, unit: Unit, member: uuid.UUID | None) -> View:
    """Return the ranking around a member, all of it from one moment. Raises BoardLostError."""
    keys = [_key(month, unit), _key(month, "heads")]
    wanted = [str(member or ""), str(TOP_FOR_ONLOOKERS), str(AROUND), COMPLETE]
    try:
        answer = _redis().eval(_VIEW, len(keys), *keys, *wanted)
    except RedisError as error:
        raise BoardLostError(str(error)) from error
    if not answer:
        raise BoardLostError(keys[0])
    total, index, above, lines = answer
    spots = {int(line[0]): _spot(line) for line in lines}
    own = None if index is None else spots[int(index)]
    return View(
        total=int(total),
        spots=tuple(spots[at] for at in sorted(spots)),
        own=own,
        next_score=None if above is None else int(float(above)),
    )


def _spot(line: Sequence[Any]) -> Spot:
    index, place, member, score, *people = line
    return Spot(
        index=int(index),
        place=int(place),
        member=uuid.UUID(member),
        score=int(float(score)),
        people=int(people[0]) if people and people[0] is not None else None,
    )


def count_above(month: dt.date, unit: Unit, score: int) -> int | None:
    """Return how many stand above this score; None where the board can't be asked."""
    try:
        return int(_redis().zcount(_key(month, unit), f"({score}", "+inf"))
    except RedisError:
        return None


def version(month: dt.date, unit: Unit) -> str | None:
    """Return what changes whenever anything on the board changes; None while it is lost."""
    try:
        with _redis().pipeline() as pipe:
            pipe.get(_key(month, "version"))
            pipe.zscore(_key(month, unit), COMPLETE)
            token, complete = pipe.execute()
    except RedisError:
        return None
    return str(token) if token and complete is not None else None


def put(month: dt.date, person_id: uuid.UUID | None, points: int, groups: Iterable[Group]) -> None:
    """Write a person's points and the figures of some groups, all at once.

    Raises BoardLostError where Redis can't be reached or the board was not whole: it needs a rebuild.
    """
    try:
        with _redis().pipeline(transaction=True) as pipe:
            if person_id is not None:
                pipe.zadd(_key(month, Unit.REP), {str(person_id): points})
            for group in groups:
                _put_group(pipe, month, group)
            pipe.set(_key(month, "version"), _token(), ex=STAYS)
            for unit in Unit:
                pipe.zscore(_key(month, unit), COMPLETE)
            complete = pipe.execute()[-len(Unit) :]
    except RedisError as error:
        raise BoardLostError(str(error)) from error
    if None in complete:
        raise BoardLostError(_key(month, ""))


def _put_group(pipe: Pipeline, month: dt.date, group: Group) -> None:
    member, tenths = str(group.member), group.tenths
    if tenths is None:
        pipe.zrem(_key(month, group.unit), member)
    else:
        pipe.zadd(_key(month, group.unit), {member: tenths})
    pipe.hset(_key(month, "heads"), member, str(group.people))
    pipe.hset(_key(month, "points"), member, str(group.points))


def replace(
    month: dt.date, people: Iterable[tuple[uuid.UUID, int]], groups: Sequence[Group]
) -> None:
    """Build the whole board anew beside the old one, then put it in its place in one step.

    Raises BoardLostError where Redis can't be reached.
    """
    suffix = f":new:{_token()}"
    fresh = {part: _key(month, part) + suffix for part in _PARTS}
    try:
        connection = _redis()
        run = _run(connection)
        with connection.pipeline(transaction=False) as pipe:
            for part in _PARTS:
                _begin(pipe, part, fresh[part])
            pipe.execute()
            _fill(pipe, fresh, people, groups)
        with connection.pipeline(transaction=True) as pipe:
            for part in _PARTS:
                pipe.rename(fresh[part], _key(month, part))
                pipe.expire(_key(month, part), STAYS)
            pipe.set(_key(month, "version"), _token(), ex=STAYS)
            pipe.set(_key(month, "marker"), run, ex=STAYS)
            pipe.execute()
    except RedisError as error:
        raise BoardLostError(str(error)) from error


def _begin(pipe: Pipeline, part: str, key: str) -> None:
    """Start a key with its mark of completeness; if we die before the end, it goes by itself."""
    if part in list(Unit):
        pipe.zadd(key, {COMPLETE: float("-inf")})
    else:
        pipe.hset(key, COMPLETE, "0")
    pipe.expire(key, dt.timedelta(minutes=10))


def _fill(
    pipe: Pipeline,
    fresh: dict[str, str],
    people: Iterable[tuple[uuid.UUID, int]],
    groups: Sequence[Group],
) -> None:
    for chunk in _chunks(people):
        pipe.zadd(fresh[Unit.REP], {str(person): points for person, points in chunk})
        pipe.execute()
    for some in _chunks(groups):
        for group in some:
            if group.tenths is not None:
                pipe.zadd(fresh[group.unit], {str(group.member): group.tenths})
            pipe.hset(fresh["heads"], str(group.member), str(group.people))
            pipe.hset(fresh["points"], str(group.member), str(group.points))
        pipe.execute()


def lost(of: Sequence[dt.date]) -> list[dt.date]:
    """Return those of these months whose board isn't whole. Raises BoardLostError without a Redis."""
    try:
        run = _run(_redis())
        with _redis().pipeline(transaction=False) as pipe:
            for month in of:
                pipe.get(_key(month, "marker"))
                for unit in Unit:
                    pipe.zscore(_key(month, unit), COMPLETE)
                for part in ("heads", "points"):
                    pipe.hget(_key(month, part), COMPLETE)
            answers = pipe.execute()
    except RedisError as error:
        raise BoardLostError(str(error)) from error
    size = 1 + len(_PARTS)
    rows = [answers[start : start + size] for start in range(0, len(answers), size)]
    return [
        month
        for month, (marker, *marks) in zip(of, rows, strict=True)
        if marker != run or None in marks
    ]


def contents(month: dt.date) -> Contents | None:
    """Return all that the board holds, None if it isn't whole. Raises BoardLostError without a Redis."""
    if lost([month]):
        return None
    try:
        with _redis().pipeline(transaction=True) as pipe:
            for unit in Unit:
                pipe.zrange(_key(month, unit), 0, -1, withscores=True)
            for part in ("points", "heads"):
                pipe.hgetall(_key(month, part))
            people, teams, partners, points, heads = pipe.execute()
    except RedisError as error:
        raise BoardLostError(str(error)) from error
    groups = {
        uuid.UUID(member): (int(points[member]), int(heads[member]))
        for member in points.keys() & heads.keys() - {COMPLETE}
    }
    return Contents(_scores(people), _scores(teams), _scores(partners), groups)


def _scores(rows: Iterable[tuple[str, float]]) -> dict[uuid.UUID, int]:
    return {uuid.UUID(member): int(score) for member, score in rows if member != COMPLETE}


def _run(connection: redis.Redis) -> str:
    """Return the id that this run of the server has."""
    return str(connection.info("server")["run_id"])


def _chunks(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk


def _token() -> str:
    return secrets.token_hex(8)
