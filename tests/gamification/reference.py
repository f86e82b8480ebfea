"""A ranking made in the most obvious way, to compare the quick ones with."""

import uuid
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from gamification.ranking import AROUND, FIRST, Among, Part, Spot, View


def reference_view(
    scores: Mapping[uuid.UUID, int],
    me: uuid.UUID | None,
    people: Mapping[uuid.UUID, int] | None = None,
    part: Part = FIRST,
) -> View:
    """Return what the ranking of these scores looks like to one member: everything counted by hand."""
    ordered = sorted(scores, key=lambda member: (scores[member], str(member)), reverse=True)
    spots = [
        Spot(
            index=index,
            place=1 + sum(other > scores[member] for other in scores.values()),
            member=member,
            score=scores[member],
            people=(people or {}).get(member),
        )
        for index, member in enumerate(ordered)
    ]
    own = next((spot for spot in spots if spot.member == me), None)
    near = range(own.index - AROUND, own.index + AROUND + 1) if own else range(0)
    length = part.read_for_ranked if own else part.for_onlookers
    wanted = range(part.start, part.start + length)
    above = [score for score in scores.values() if own and score > own.score]
    return View(
        total=len(scores),
        spots=tuple(s for s in spots if s.index in wanted or s.index in near),
        own=own,
        next_score=min(above, default=None),
    )


def reference_among(
    scores: Mapping[uuid.UUID, int], me: uuid.UUID | None, colleagues: AbstractSet[uuid.UUID]
) -> Among:
    """Return the place among these colleagues, counted by hand."""
    if me is None or me not in colleagues:
        return Among(None, len(colleagues))
    above = sum(scores[each] > scores[me] for each in colleagues)
    return Among(1 + above, len(colleagues))
