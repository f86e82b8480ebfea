"""Reads of a board: the ranking around a member, what is lost, all that it holds."""

import dataclasses
import datetime as dt
import functools
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import redis
from redis.commands.core import Script
from redis.exceptions import RedisError

from gamification.boards import keys
from gamification.boards.keys import BoardLostError
from gamification.ranking import ALONE, AROUND, FIRST, Among, Part, Spot, Unit, View

_VIEW = """
local key, heads, colleagues, companies, version = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local me, last, company = ARGV[1], ARGV[2], ARGV[3]
local start, for_ranked, for_onlookers = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local around = tonumber(ARGV[7])
if not redis.call('ZSCORE', key, last) then return false end
if company ~= '' and not (redis.call('ZSCORE', colleagues, last) and redis.call('HGET', companies, last)) then
  return false
end
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
local index, above = false, false
if me ~= '' then index = redis.call('ZREVRANK', key, me) end
if total > start then take(start, start + (index and for_ranked or for_onlookers) - 1) end
if index then
  take(math.max(0, index - around), index + around)
  local score = redis.call('ZSCORE', key, me)
  above = redis.call('ZRANGEBYSCORE', key, '(' .. score, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2] or false
end
local place, all = false, 0
local number = company ~= '' and redis.call('HGET', companies, company)
if number then
  local from = number * SPAN
  local beyond = string.format('(%.0f', from + SPAN)
  all = redis.call('ZCOUNT', colleagues, string.format('%.0f', from), beyond)
  local own = me ~= '' and tonumber(redis.call('ZSCORE', colleagues, me) or -1)
  if own and own >= from and own < from + SPAN then
    place = 1 + redis.call('ZCOUNT', colleagues, string.format('(%.0f', own), beyond)
  end
end
return {total, index, above, lines, place, all, redis.call('GET', version)}
""".replace("SPAN", str(keys.SPAN))


@dataclasses.dataclass(frozen=True)
class Contents:
    """All that a board holds: people's points, by company too, and each group's points and heads."""

    people: dict[uuid.UUID, int]
    colleagues: dict[uuid.UUID, tuple[uuid.UUID, int]]
    teams: dict[uuid.UUID, int]
    partners: dict[uuid.UUID, int]
    groups: dict[uuid.UUID, tuple[int, int]]


def view(
    month: dt.date,
    unit: Unit,
    member: uuid.UUID | None,
    company: uuid.UUID | None = None,
    *,
    part: Part = FIRST,
) -> View:
    """Return a ranking's part and what is around a member, from one moment; with a company, the place there, too.

    Raises BoardLostError.
    """
    parts = (unit, "heads", keys.COLLEAGUES, keys.COMPANIES, "version")
    names = [keys.key(month, part) for part in parts]
    wanted = [str(member or ""), keys.COMPLETE, str(company or "")]
    around = 0 if part == ALONE else AROUND
    sizes = (part.start, part.read_for_ranked, part.for_onlookers, around)
    try:
        answer = _script(keys.connection())(names, [*wanted, *sizes])
    except RedisError as error:
        raise BoardLostError(str(error)) from error
    if not answer:
        raise BoardLostError(names[0])
    total, index, above, lines, place, colleagues, token = answer
    spots = {int(line[0]): _spot(line) for line in lines}
    own = None if index is None else spots[int(index)]
    return View(
        total=int(total),
        spots=tuple(spots[at] for at in sorted(spots)),
        own=own,
        next_score=None if above is None else int(float(above)),
        among=Among(place, colleagues) if company else None,
        version=token,
    )


@functools.cache
def _script(server: redis.Redis) -> Script:
    return server.register_script(_VIEW)


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
        return int(keys.connection().zcount(keys.key(month, unit), f"({score}", "+inf"))
    except RedisError:
        return None


def version(month: dt.date, unit: Unit) -> str | None:
    """Return what changes whenever anything on the board changes; None while it is lost."""
    try:
        with keys.connection().pipeline() as pipe:
            pipe.get(keys.key(month, "version"))
            pipe.zscore(keys.key(month, unit), keys.COMPLETE)
            token, complete = pipe.execute()
    except RedisError:
        return None
    return str(token) if token and complete is not None else None


def lost(of: Sequence[dt.date]) -> list[dt.date]:
    """Return those of these months whose board isn't whole. Raises BoardLostError without a Redis."""
    try:
        run = keys.run_of(keys.connection())
        with keys.connection().pipeline(transaction=False) as pipe:
            for month in of:
                pipe.get(keys.key(month, "marker"))
                for part in keys.SORTED:
                    pipe.zscore(keys.key(month, part), keys.COMPLETE)
                for part in keys.HASHES:
                    pipe.hget(keys.key(month, part), keys.COMPLETE)
            answers = pipe.execute()
    except RedisError as error:
        raise BoardLostError(str(error)) from error
    size = 1 + len(keys.PARTS)
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
        with keys.connection().pipeline(transaction=True) as pipe:
            for part in keys.SORTED:
                pipe.zrange(keys.key(month, part), 0, -1, withscores=True)
            for part in keys.HASHES:
                pipe.hgetall(keys.key(month, part))
            people, teams, partners, colleagues, heads, points, companies = pipe.execute()
    except RedisError as error:
        raise BoardLostError(str(error)) from error
    groups = {
        uuid.UUID(member): (int(points[member]), int(heads[member]))
        for member in points.keys() & heads.keys() - {keys.COMPLETE}
    }
    return Contents(
        people=_scores(people),
        colleagues=_by_company(colleagues, companies),
        teams=_scores(teams),
        partners=_scores(partners),
        groups=groups,
    )


def _scores(rows: Iterable[tuple[str, float]]) -> dict[uuid.UUID, int]:
    return {uuid.UUID(member): int(score) for member, score in rows if member != keys.COMPLETE}


def _by_company(
    rows: Iterable[tuple[str, float]], companies: Mapping[str, str]
) -> dict[uuid.UUID, tuple[uuid.UUID, int]]:
    """Return the company and the points of each person."""
    numbered = {
        int(number): uuid.UUID(pk) for pk, number in companies.items() if pk != keys.COMPLETE
    }
    found = {}
    for member, score in rows:
        if member != keys.COMPLETE:
            company, points = keys.taken_apart(score)
            found[uuid.UUID(member)] = numbered[company], points
    return found
