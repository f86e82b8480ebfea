"""Writes to a board: a person's points and some groups at once, or the whole board in one step."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from redis.client import Pipeline
from redis.exceptions import RedisError

from gamification import months
from gamification.boards import keys
from gamification.boards.keys import BoardLostError
from gamification.ranking import Group, Points, Unit

_Row = TypeVar("_Row")

STAYS = dt.timedelta(days=31 * (months.KEPT + 1))
_CHUNK = 1000

# A company that is new to the board gets the next number: the hash has a member more than there are companies.
_PUT_AMONG = f"""
local colleagues, companies = KEYS[1], KEYS[2]
local number = redis.call('HGET', companies, ARGV[1])
if not number then
  number = redis.call('HLEN', companies)
  redis.call('HSET', companies, ARGV[1], number)
end
redis.call('ZADD', colleagues, string.format('%.0f', number * {keys.SPAN} + {keys.ZERO} + ARGV[3]), ARGV[2])
"""


def put(month: dt.date, person: Points | None, groups: Iterable[Group]) -> None:
    """Write a person's points and the figures of some groups, all at once.

    Raises BoardLostError where Redis can't be reached or the board was not whole: it needs a rebuild.
    """
    try:
        with keys.connection().pipeline(transaction=True) as pipe:
            if person is not None:
                _put_person(pipe, month, person)
            for group in groups:
                _put_group(pipe, month, group)
            pipe.set(keys.key(month, "version"), keys.token(), ex=STAYS)
            for part in keys.SORTED:
                pipe.zscore(keys.key(month, part), keys.COMPLETE)
            pipe.hget(keys.key(month, keys.COMPANIES), keys.COMPLETE)
            complete = pipe.execute()[-len(keys.SORTED) - 1 :]
    except RedisError as error:
        raise BoardLostError(str(error)) from error
    if None in complete:
        raise BoardLostError(keys.key(month, ""))


def _put_person(pipe: Pipeline, month: dt.date, person: Points) -> None:
    member, company = str(person.person_id), str(person.organisation_id)
    pipe.zadd(keys.key(month, Unit.REP), {member: person.points})
    names = [keys.key(month, keys.COLLEAGUES), keys.key(month, keys.COMPANIES)]
    pipe.eval(_PUT_AMONG, len(names), *names, company, member, str(person.points))


def _put_group(pipe: Pipeline, month: dt.date, group: Group) -> None:
    member, tenths = str(group.member), group.tenths
    if tenths is None:
        pipe.zrem(keys.key(month, group.unit), member)
    else:
        pipe.zadd(keys.key(month, group.unit), {member: tenths})
    pipe.hset(keys.key(month, "heads"), member, str(group.people))
    pipe.hset(keys.key(month, "points"), member, str(group.points))


def replace(month: dt.date, people: Iterable[Points], groups: Sequence[Group]) -> None:
    """Build the whole board anew beside the old one, then put it in its place in one step.

    Raises BoardLostError where Redis can't be reached.
    """
    suffix = f":new:{keys.token()}"
    fresh = {part: keys.key(month, part) + suffix for part in keys.PARTS}
    try:
        server = keys.connection()
        run = keys.run_of(server)
        with server.pipeline(transaction=False) as pipe:
            for part in keys.PARTS:
                _begin(pipe, part, fresh[part])
            pipe.execute()
            _fill(pipe, fresh, people, groups)
        with server.pipeline(transaction=True) as pipe:
            for part in keys.PARTS:
                pipe.rename(fresh[part], keys.key(month, part))
                pipe.expire(keys.key(month, part), STAYS)
            pipe.set(keys.key(month, "version"), keys.token(), ex=STAYS)
            pipe.set(keys.key(month, "marker"), run, ex=STAYS)
            pipe.execute()
    except RedisError as error:
        raise BoardLostError(str(error)) from error


def _begin(pipe: Pipeline, part: str, name: str) -> None:
    """Start a key with its mark of completeness; if we die before the end, it goes by itself."""
    if part in keys.HASHES:
        pipe.hset(name, keys.COMPLETE, "0")
    else:
        pipe.zadd(name, {keys.COMPLETE: float("-inf")})
    pipe.expire(name, dt.timedelta(minutes=10))


def _fill(
    pipe: Pipeline, fresh: dict[str, str], people: Iterable[Points], groups: Sequence[Group]
) -> None:
    companies = dict[uuid.UUID, int]()
    for chunk in _chunks(people):
        for each in chunk:
            companies.setdefault(each.organisation_id, len(companies) + 1)
        pipe.zadd(fresh[Unit.REP], {str(each.person_id): each.points for each in chunk})
        scores = {
            str(each.person_id): keys.among_colleagues(companies[each.organisation_id], each.points)
            for each in chunk
        }
        pipe.zadd(fresh[keys.COLLEAGUES], scores)
        pipe.execute()
    for numbered in _chunks(companies.items()):
        pipe.hset(fresh[keys.COMPANIES], mapping={str(pk): number for pk, number in numbered})
        pipe.execute()
    for some in _chunks(groups):
        for group in some:
            if group.tenths is not None:
                pipe.zadd(fresh[group.unit], {str(group.member): group.tenths})
            pipe.hset(fresh["heads"], str(group.member), str(group.people))
            pipe.hset(fresh["points"], str(group.member), str(group.points))
        pipe.execute()


def _chunks(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk
