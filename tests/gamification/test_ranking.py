"""Places and what is shown of a ranking, against a reference that counts by hand."""

import uuid
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from gamification import ranking
from gamification.ranking import PAGE_SIZE, Gap, Spot, Unit, View, part_of
from tests.gamification.reference import reference_view

SCORES = st.lists(st.integers(-5, 12), max_size=40)


def uuids(count: int) -> list[uuid.UUID]:
    return [uuid.UUID(int=number + 1) for number in range(count)]


@given(SCORES.filter(bool), st.data())
def test_the_line_of_each_shown_spot_says_how_many_stand_above(scores, data):
    people = dict(zip(uuids(len(scores)), scores, strict=True))
    me = data.draw(st.sampled_from(sorted(people)))
    view = reference_view(people, me)
    for line in ranking.shown(view):
        if isinstance(line, Spot):
            assert line.place == 1 + sum(score > line.score for score in scores)


@given(SCORES.filter(bool), st.data())
def test_lines_and_gaps_account_for_everybody_down_to_two_below_me(scores, data):
    people = dict(zip(uuids(len(scores)), scores, strict=True))
    me = data.draw(st.sampled_from(sorted(people)))
    view = reference_view(people, me)
    at = 0
    for line in ranking.shown(view):
        if isinstance(line, Gap):
            assert line.count >= 2, "a gap of one is no gap"
            at += line.count
        else:
            assert line.index == at
            at += 1
    assert view.own is not None
    assert at == max(min(view.own.index + 3, len(scores)), min(3, len(scores)))


@given(SCORES.filter(bool), st.data())
def test_the_own_line_and_two_neighbours_on_either_side_are_shown(scores, data):
    people = dict(zip(uuids(len(scores)), scores, strict=True))
    me = data.draw(st.sampled_from(sorted(people)))
    view = reference_view(people, me)
    shown = {line.index for line in ranking.shown(view) if isinstance(line, Spot)}
    assert view.own is not None
    around = range(max(view.own.index - 2, 0), min(view.own.index + 3, len(scores)))
    assert shown >= set(around) | set(range(min(3, len(scores))))


@given(SCORES)
def test_an_onlooker_sees_the_first_ten(scores):
    view = reference_view(dict(zip(uuids(len(scores)), scores, strict=True)), None)
    assert len(ranking.shown(view)) == min(10, len(scores))


@given(st.lists(st.integers(0, 9), max_size=130), st.data())
def test_the_pages_of_a_ranking_hold_everybody_once_in_their_order(scores, data):
    people = dict(zip(uuids(len(scores)), scores, strict=True))
    me = data.draw(st.sampled_from([*sorted(people), None]))
    found = []
    for number in (1, 2, 3):
        part = part_of(Unit.REP, number)
        lines = ranking.shown(reference_view(people, me, part=part), part)
        start = (number - 1) * PAGE_SIZE
        found += [x for x in lines if isinstance(x, Spot) and x.index < start + PAGE_SIZE]
        assert number == 1 or not any(isinstance(line, Gap) for line in lines)
    assert [spot.index for spot in found] == list(range(len(scores)))


@given(st.integers(0, 30), st.data())
def test_thirty_partners_are_shown_to_everybody(count, data):
    companies = dict(zip(uuids(count), range(count), strict=True))
    me = data.draw(st.sampled_from([*sorted(companies), None]))
    part = part_of(Unit.PARTNER, None)
    assert len(ranking.shown(reference_view(companies, me, part=part), part)) == count


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.data())
def test_places_follow_from_the_first_neighbours(scores, data):
    ordered = sorted(scores, reverse=True)
    start = data.draw(st.integers(0, len(ordered) - 1))
    right = [1 + sum(other > score for other in ordered) for score in ordered]
    found = ranking.places(ordered[start:], start, right[start])
    assert found == right[start:]


def test_distance_is_to_the_next_score_not_to_the_next_person():
    people = dict(zip(uuids(4), [30, 20, 20, 5], strict=True))
    first, tied, _, last = uuids(4)
    assert reference_view(people, first).distance is None
    assert reference_view(people, tied).distance == 10
    assert reference_view(people, last).distance == 15
    assert reference_view(people, None).distance is None


def test_nobody_at_all_is_shown_as_nothing():
    assert ranking.shown(View(total=0, spots=())) == []


@given(st.integers(-1000, 10_000_000), st.integers(5, 5000))
def test_a_mean_is_the_nearest_tenth_halves_up(points, people):
    tenths = ranking.mean_tenths(points, people)
    assert tenths is not None
    exact = Fraction(10 * points, people)
    assert tenths - Fraction(1, 2) <= exact < tenths + Fraction(1, 2)


def test_fewer_than_five_people_have_no_mean():
    assert ranking.mean_tenths(400, 4) is None
    assert ranking.mean_tenths(400, 5) == 800


def test_a_group_is_a_team_or_a_partner():
    company, team = uuid.uuid4(), uuid.uuid4()
    assert ranking.Group(company, team, 10, 5).unit is Unit.TEAM
    assert ranking.Group(company, None, 10, 5).unit is Unit.PARTNER
    assert ranking.Group(company, team, 10, 5).member == team
    assert ranking.Group(company, None, 10, 5).member == company
