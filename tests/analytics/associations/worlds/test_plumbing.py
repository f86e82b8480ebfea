"""What is told of a world, untidily, is counted as the world's own totals say: in whole numbers, to the last unit."""

import datetime as dt
from collections import Counter

import pytest

from analytics.associations import measures
from analytics.associations.queries.unit import unit
from analytics.associations.question import Question
from bench.worlds.drawing import Drawn, draw
from bench.worlds.events import CURRENCIES, Events, Mess, events
from bench.worlds.knobs import World
from sales.queries.facts import Part
from sales.queries.panel import panel_of
from tests.analytics.associations.worlds.told import Office, id_of

pytestmark = pytest.mark.django_db

SMALL = World(reps=12, months=5, partners=4, calls=15, effect=1.0, busy=0.2, shock=1.0)
ZONES = ["Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati"]
"""Ahead of Greenwich, behind it with a change of clocks within the months, and a day ahead."""


def told(zone: str, seed: int, **mess: float) -> tuple[Drawn, Events, Office]:
    drawn = draw(SMALL, seed)
    found = events(drawn, Mess(zone=zone, **mess))
    office = Office(found, zone)
    office.tell(found)
    return drawn, found, office


@pytest.mark.parametrize(("zone", "seed"), list(zip(ZONES, (1, 2, 3), strict=True)))
def test_the_panel_is_the_worlds_own_totals_however_untidily_they_are_told(zone, seed):
    drawn, found, office = told(zone, seed)
    assert office.counted(panel_of(Part())) == found.totals
    office.tell(found)
    assert office.counted(panel_of(Part())) == found.totals
    for measure, figures in (("calls", drawn.calls), ("appointments", drawn.appointments)):
        sums = Counter[int]()
        for (rep, _place, _product, _month, name), n in found.totals.items():
            sums[rep] += n * (name == measure)
        assert [sums[rep] for rep in range(SMALL.reps)] == figures.sum(axis=1).tolist()


def test_what_is_told_is_hard_in_every_way_that_is_promised():
    drawn, mess = draw(SMALL, 1), Mess()
    found = events(drawn, mess)
    zone = dt.timezone(dt.timedelta(hours=9))
    moments = [at for deal in found.deals for _, at in deal.stages]
    assert sum((at.month, at.year) != (at.astimezone(zone).month, at.year) for at in moments) > 20
    assert sum(at.astimezone(zone).time() == dt.time(23, 59, 59) for at in moments) > 20
    assert len(found.deals) > len(set(map(repr, found.deals))) + 100
    assert len(found.counts) > len({(c.rep, c.product, c.day) for c in found.counts}) + 50
    assert sum(len(spells) > 1 for spells in found.spells.values()) > 3
    outcomes = Counter(deal.outcome for deal in found.deals)
    assert min(outcomes[each] for each in ("won", "lost", "open", "refunded")) > 10
    assert {key[-1] for key in found.totals} >= set(CURRENCIES)
    owners = {deal.number: deal.owners[0][1] for deal in found.deals if deal.opened}
    assert sum(bool(d.owners) and owners[d.number] != d.owners[0][1] for d in found.deals) > 50


def test_a_report_reads_each_reps_own_months_of_learning_and_selling():
    _, found, office = told(ZONES[0], 4, move_rate=0.0)
    office.learn(found.finishes)
    months = sorted({key[3] for key in found.totals})
    question = Question(
        since=dt.date(*months[1], 1),
        until=dt.date(*months[-1], 1),
        learning=measures.MINUTES,
        sales=measures.APPOINTMENTS,
    )
    rows = unit(question).rows
    numbers = id_of(office.people)
    assert {numbers[row.person_id] for row in rows} == set(range(SMALL.reps))
    for row in rows:
        rep = numbers[row.person_id]
        sold = Counter[str]()
        for (who, _place, _product, month, measure), n in found.totals.items():
            if who == rep and month in months[1:-1]:
                sold[measure] += n
        assert (row.sold, row.sold_of) == (sold["appointments"], sold["calls"])
        learnt = sum(found.learnt[rep, month, "seconds"] for month in months[:-2])
        assert (row.learnt, row.learnt_of) == (learnt, len(months) - 2)
