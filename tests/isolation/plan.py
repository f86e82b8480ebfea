"""What is tried: each door as each role that it lets in, with a rival's ids, words and values."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from core.access import PERSON, ROLES
from core.api.shapes import Id, Text
from core.mediafiles import links
from partners.models import Person
from partners.roles import OF_PARTNER
from tests.architecture import world
from tests.architecture.doors import Door, doors
from tests.architecture.world import CANARY, Side
from tests.isolation.asking import Ask
from tests.isolation.samples import SAMPLES, Sample, Values

OPEN = {
    "core:mailbox",
    "core:mailbox_message",
    "partners:demo_people",
    "partners:demo_sign_in",
    "partners:demo_face",
}
"""Of the demo world alone, and open to everybody there: mailbox, and the people one may sign in as."""
TRUTHFUL = {"core:readyz"}
"""Tells by its status that no worker runs, which is true in this test."""

SHARED_IDS = {"module_id", "course_id", "term_id", "quiz_version_id", "product_id", "source_id"}
"""Ids of what the client teaches and sells: the same for everybody."""

_OFFICE_FIRST = ("admin", "sales_manager", "author", "manager", "ace", "rep")
_LEARNERS_FIRST = tuple(reversed(_OFFICE_FIRST))

Opened = Mapping[tuple[str, str], int]
"""What each role was answered at a door about its own."""

EXTRA = {
    "person_id": "777777",
    "account": "777777",
    "role": "admin",
    "roles": "admin",
    "is_staff": "on",
    "is_superuser": "on",
    "is_active": "",
    "is_demo": "",
    "points": "777777",
    "score": "777777",
    "made_by": "777777",
    "state": "done",
}
"""Fields that no form asks for, except where a sample names them: whoever sends them changes nothing by it."""


def askers(side: Side, door: Door) -> Iterator[str]:
    """Yield the roles that try a door: those a partner's people have, else one that they never have.

    Row security holds for that one too; so the office's doors are tried as well.
    """
    if door.access is None:
        return
    admitted = [role for role in ROLES if door.access.admits(frozenset([role]))]
    own = [role for role in admitted if role in OF_PARTNER]
    yield from own or admitted[:1]


def url(door: Door, ids: dict[str, Any], **query: Any) -> str:
    """Return a door's address with these ids, and what is asked for."""
    address = door.url(world.values_for(door.name, door.parameters, ids))
    return f"{address}?{urlencode(query)}" if query else address


def names_a_record(door: Door, ids: dict[str, Any]) -> bool:
    """Say whether a door's address names a record of somebody."""
    named = {door.name if each == "pk" else each for each in door.parameters}
    return bool(named & (ids.keys() - SHARED_IDS))


@dataclasses.dataclass(frozen=True)
class Plan:
    """Doors, and the bodies that they take."""

    doors: Sequence[Door]
    samples: Mapping[str, Sample]

    @classmethod
    def of_product(cls) -> "Plan":
        """Return the plan of all that there is."""
        return cls([door for door in doors() if door.name not in OPEN], SAMPLES)


def first(plan: Plan, mine: Side) -> Iterator[Ask]:
    """Yield a look at each door at one's own."""
    for door in plan.doors:
        for role in askers(mine, door):
            yield _reading(mine, role, door, "own", url(door, mine.ids))


def reading(plan: Plan, mine: Side, rival: Side, opened: Opened) -> Iterator[Ask]:
    """Yield all other requests that read: for the rival's, and with the rival's words in every filter.

    `opened` are the doors that answered at one's own: where nobody reads, or a role finds nothing, no words help.
    """
    for door in plan.doors:
        for role in askers(mine, door):
            status = opened[role, door.name]
            if status == 405:
                continue
            if names_a_record(door, rival.ids):
                yield _reading(mine, role, door, "theirs", url(door, rival.ids))
            for signed in links_of(door, mine.people[role], rival):
                yield _reading(mine, role, door, "signed", signed)
            for query in queries(door, rival) if status < 400 else ():
                yield _reading(mine, role, door, "words", url(door, mine.ids, **query))


def strangers(plan: Plan, mine: Side, rival: Side) -> Iterator[Ask]:
    """Yield what somebody who isn't signed in may ask."""
    for door in plan.doors:
        if door.access is None or not door.access.admits(None):
            continue
        yield Ask(None, "stranger", door.name, "own", url(door, mine.ids))
        if sample := plan.samples.get(door.name):
            for kind, values in _swaps(sample, mine, rival):
                if kind.startswith(("own", "word")):
                    yield _sending(
                        sample, None, "stranger", door, kind, url(door, mine.ids), values
                    )


def sending(plan: Plan, mine: Side) -> Iterator[Ask]:
    """Yield a request that writes at each door that takes a body, about one's own."""
    for door in plan.doors:
        if sample := plan.samples.get(door.name):
            for role in askers(mine, door):
                who, address = mine.people[role], url(door, mine.ids)
                yield _sending(sample, who, role, door, "own", address, Values(mine))


def writing(plan: Plan, ours: Side, mine: Side, rival: Side, opened: Opened) -> Iterator[Ask]:
    """Yield all other requests that write: at the rival's address, and with each of its ids and words in the body."""
    extra = EXTRA | dict.fromkeys(("organisation", "organisation_id"), str(ours.organisation.pk))
    for door in plan.doors:
        if (sample := plan.samples.get(door.name)) is None:
            continue
        for role in askers(mine, door):
            who, address = mine.people[role], url(door, mine.ids)
            if names_a_record(door, rival.ids):
                theirs = url(door, rival.ids)
                yield _sending(sample, who, role, door, "theirs", theirs, Values(mine))
            if opened[role, door.name] in {403, 404}:
                continue
            for kind, values in _swaps(sample, mine, rival):
                yield _sending(sample, who, role, door, kind, address, values)
            yield _sending(sample, who, role, door, "extra", address, Values(mine), extra)


def own(plan: Plan, side: Side) -> Iterator[Ask]:
    """Yield all requests that write as the client's office makes them, about its own: they must come to something."""
    for door in plan.doors:
        if (sample := plan.samples.get(door.name)) is None or door.access is None:
            continue
        order = _LEARNERS_FIRST if PERSON in door.access.who else _OFFICE_FIRST
        role = next((each for each in order if door.access.admits(frozenset([each]))), "")
        if role:
            values = Values(side)
            yield _sending(
                sample, side.people[role], role, door, "own", url(door, side.ids), values
            )


def blind(plan: Plan, side: Side) -> Iterator[Ask]:
    """Yield an empty body for each door that has no sample."""
    for door in plan.doors:
        if door.name not in plan.samples and door.access is not None:
            who = [role for role in _OFFICE_FIRST if door.access.admits(frozenset([role]))]
            person, address = side.people[who[0]], url(door, side.ids)
            yield Ask(person, who[0], door.name, "blind", address, "post")


def _swaps(sample: Sample, mine: Side, rival: Side) -> Iterator[tuple[str, Values]]:
    """Yield one's own values with each id and word of the rival by itself."""
    asked = Values(mine)
    sample.body(asked)
    if sample.query:
        sample.query(asked)
    for name in sorted(asked.used - SHARED_IDS - {"crm_id"}):
        kind = f"id {name}" if name.endswith("_id") else f"word {name}"
        yield kind, Values(mine, rival, frozenset([name]))


def _sending(
    sample: Sample,
    who: Person | None,
    role: str,
    door: Door,
    kind: str,
    address: str,
    values: Values,
    extra: dict[str, str] | None = None,
) -> Ask:
    body = sample.body(values)
    if sample.query:
        address = f"{address}?{urlencode(sample.query(values))}"
    body = {**{k: v for k, v in (extra or {}).items() if k not in body}, **body}
    shared = door.access.shared if door.access else frozenset()
    headers = sample.headers
    return Ask(
        who, role, door.name, kind, address, sample.method, body, sample.as_json, headers, shared
    )


def _reading(side: Side, role: str, door: Door, kind: str, address: str) -> Ask:
    shared = door.access.shared if door.access else frozenset()
    return Ask(side.people[role], role, door.name, kind, address, shared=shared)


def links_of(door: Door, person: Person, rival: Side) -> Iterator[str]:
    """Yield addresses of the rival's files, signed for this person as if a page had shown them."""
    ids, language = rival.ids, world.values_for(door.name, ("language",), {})["language"]
    if door.name == "core:media":
        yield links.url(person.pk, ids["core:media"], "medium.webp")
    elif door.name == "core:picture":
        yield links.picture_url(person.pk, ids["core:picture"], "small")
    elif door.name == "core:captions":
        yield links.caption_url(person.pk, ids["core:captions"], language)


def queries(door: Door, rival: Side) -> Iterator[dict[str, Any]]:
    """Yield what a page or operation can be asked for: the rival's ids and words in every filter."""
    ids = rival.ids
    if door.interface is not None:
        for name, field in door.interface.query().fields.items():
            if isinstance(field, Id) and f"{name}_id" in ids:
                yield {name: ids[f"{name}_id"]}
            elif type(field) is Text and name != "cursor":
                yield {name: CANARY}
    elif names_a_record(door, ids):
        yield {"q": CANARY, "person": ids["person_id"], "team": ids["team_id"], "by": "team"}
    elif "<" not in door.route:
        yield {"q": CANARY, "find": CANARY, "by": "team", "sort": "name", "of": "all"}
        yield {"organisation": ids["organisation_id"], "person": ids["person_id"], "by": "partner"}
        yield {"team": ids["team_id"], "to": f"team:{ids['team_id']}", "by": "rep"}
