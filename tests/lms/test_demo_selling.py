"""What the demo sells: drawn from the true rates, hard in known ways, and counted exactly by the product."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from lms.demo import plan, selling
from lms.demo.calendar import Calendar
from lms.demo.selling import Deal, Sold
from lms.demo.trade import external_id
from lms.demo.world import World
from partners.models import Membership
from sales import actions
from sales.actions import Count
from sales.deals import Told
from sales.models import Product, Source
from sales.queries import checks
from sales.queries.facts import Part
from sales.queries.panel import panel_of
from tests.partners.factories import make_client, make_partner, make_person, make_team
from tests.sales.factories import make_crm, make_product

NOW = dt.datetime.now(dt.UTC).replace(minute=0, second=0, microsecond=0)


@pytest.fixture(scope="module")
def drawn() -> plan.Plan:
    return plan.plan("ja", NOW)


@pytest.fixture(scope="module")
def sold(drawn: plan.Plan) -> Sold:
    return selling.sell(drawn.world, drawn.calendar)


def test_the_same_world_sells_the_same(drawn: plan.Plan, sold: Sold) -> None:
    assert selling.sell(drawn.world, drawn.calendar) == sold


def test_nothing_lies_ahead_and_yesterday_was_worked(drawn: plan.Plan, sold: Sold) -> None:
    assert max(each.day for each in sold.counts) < drawn.calendar.today
    assert max(each.day for each in sold.counts) >= drawn.calendar.today - dt.timedelta(days=4)
    moments = [moment for deal in sold.deals for moment in (deal.qualified, deal.closed) if moment]
    assert max(moments) < NOW


def test_it_is_hard_in_every_way_that_a_panel_must_bear(drawn: plan.Plan, sold: Sold) -> None:
    zone = drawn.calendar.zone
    closed = [deal.closed for deal in sold.deals if deal.closed]
    assert sum((c.month, c.year) != (c.astimezone(zone).month, c.year) for c in closed) > 20
    assert sum(len(deal.owners) > 1 for deal in sold.deals) > 200
    assert sum(deal.earlier is not None for deal in sold.deals) > 200
    outcomes = Counter(deal.outcome for deal in sold.deals)
    assert set(outcomes) == {"open", "won", "lost", "refunded"}
    assert {deal.currency for deal in sold.deals} == {"JPY", "USD"}
    places: dict[int, set[int]] = {key[0]: set() for key in sold.totals}
    for rep, firm, *_ in sold.totals:
        places[rep].add(firm)
    assert any(len(firms) > 1 for firms in places.values())


def test_counts_and_wins_follow_the_true_rates(drawn: plan.Plan, sold: Sold) -> None:
    sums: Counter[str] = Counter()
    for (*_, measure), n in sold.totals.items():
        sums[measure] += n
    world = drawn.world
    wanted = sum(
        world.sales_rates(rep.number, month).calls * selling.OURS
        for rep, month, _ in world.rep_months()
        if month < world.settings.months - 1
    )
    current = sum(
        n for (*_, month, name), n in sold.totals.items() if (month, name) == (17, "calls")
    )
    calls = sums["calls"] - current
    assert abs(calls - wanted) < 5 * wanted**0.5
    assert sums["appointments"] <= sums["leads"] <= sums["key_persons"] <= sums["calls"]
    assert sums["won"] / (sums["won"] + sums["lost"]) == pytest.approx(0.24, abs=0.03)


# --- Told to the product as a CRM would: in pieces, twice, late and corrected --------------------


class Office:
    """Some reps of the world as people of the product, with all whom their deals went on to."""

    def __init__(self, drawn: plan.Plan, sold: Sold, rng: random.Random) -> None:
        make_client(time_zone=str(drawn.calendar.zone))
        self.calendar: Calendar = drawn.calendar
        self.chosen = chosen(drawn.world, rng)
        self.deals = [d for d in sold.deals if self.chosen & {rep for _, rep in d.owners}]
        self.counts = [each for each in sold.counts if each.rep in self.chosen]
        everybody = self.chosen | {rep for deal in self.deals for _, rep in deal.owners}
        self.places: dict[tuple[int, int], tuple[uuid.UUID, uuid.UUID]] = {}
        self.people = {number: self._person(drawn.world, number) for number in sorted(everybody)}
        self.products: list[Product] = [make_product("ホナミ点検"), make_product("ホナミ保守")]
        self.crm: Source = make_crm()

    def _person(self, world: World, number: int) -> uuid.UUID:
        spells = world.reps[number].spells
        for spell in spells:
            if (spell.firm, spell.team) not in self.places:
                team = make_team(make_partner())
                self.places[spell.firm, spell.team] = team.organisation_id, team.pk
        team = make_team(make_partner())
        person = make_person(team.organisation, team=team, sign_in=False)
        Membership.objects.filter(person=person).delete()
        for spell in spells:
            end = None if spell.last is None else self.calendar.first_day(spell.last + 1)
            organisation, group = self.places[spell.firm, spell.team]
            Membership.objects.create(
                person=person,
                organisation_id=organisation,
                team_id=group,
                days=DateRange(self.calendar.first_day(spell.first), end),
            )
        return person.pk

    def told(self, deal: Deal) -> Iterator[Told]:
        """What a CRM sends of a deal over time; the last one is how it ended."""
        (opened, first), *later = deal.owners
        name = {"external_id": external_id(deal)}
        yield Told(
            **name,
            product_id=self.products[deal.product].pk,
            opened_at=opened,
            owners={opened: self.people[first]},
            amount=deal.amount + 700,
            currency=deal.currency,
        )
        yield Told(**name, stages={"qualified": deal.qualified}, owners=self._owners(later))
        if deal.earlier:
            yield Told(**name, outcome="lost", closed_at=deal.earlier, reason="早とちり")
            yield Told(**name, outcome="open")
        if deal.outcome == "refunded":
            yield Told(**name, outcome="won", closed_at=deal.closed, amount=deal.amount)
        yield Told(
            **name,
            outcome=deal.outcome,
            closed_at=deal.closed,
            amount=deal.amount,
            stages={"qualified": deal.qualified},
        )

    def _owners(self, later: Sequence[tuple[dt.datetime, int]]) -> dict[dt.datetime, uuid.UUID]:
        return {since: self.people[rep] for since, rep in later}

    def counted(self, *, wrong_by: int = 0) -> list[Count]:
        return [
            Count(
                person_id=self.people[each.rep],
                product_id=self.products[each.product].pk,
                day=each.day,
                measure=each.measure,
                count=each.count + wrong_by,
            )
            for each in self.counts
        ]


def chosen(world: World, rng: random.Random) -> set[int]:
    """Those who changed company, some who left, and some others."""
    movers = [rep.number for rep in world.reps if len(rep.spells) > 1]
    leavers = [rep.number for rep in world.reps if rep.left is not None]
    return {*movers[:8], *rng.sample(leavers, 6), *rng.sample(range(len(world.reps)), 6)}


@pytest.mark.django_db
def test_told_twice_late_and_in_pieces_the_panel_is_what_was_drawn(
    drawn: plan.Plan, sold: Sold
) -> None:
    rng = random.Random(20)
    office = Office(drawn, sold, rng)
    wrong = office.counted(wrong_by=3)
    for counts in (wrong[::5], office.counted(), office.counted()[::3]):
        rng.shuffle(counts)
        actions.record_activities(source_id=office.crm.pk, counts=counts)
    rounds: list[list[Told]] = []
    for deal in office.deals:
        for number, told in enumerate(office.told(deal)):
            rounds += [[]] if number == len(rounds) else []
            rounds[number].append(told)
    for batch in rounds:
        for _ in range(rng.choice((1, 2))):
            rng.shuffle(batch)
            assert not actions.upsert_opportunities(source_id=office.crm.pk, told=batch).refused
    assert found(office) == wanted(office, sold)
    assert checks.differences() == []


def wanted(office: Office, sold: Sold) -> Counter:
    sums: Counter[tuple] = Counter()
    for (rep, firm, team, product, month, measure), n in sold.totals.items():
        if rep in office.chosen and measure != "appointments" and n:
            whose = office.people[rep], *office.places[firm, team], office.products[product].pk
            sums[*whose, office.calendar.first_day(month), measure] = n
    return sums


def found(office: Office) -> Counter:
    sums: Counter[tuple] = Counter()
    people = {office.people[rep] for rep in office.chosen}
    for line in panel_of(Part()):
        if line.person_id in people:
            whose = line.person_id, line.organisation_id, line.team_id, line.product_id
            names = ["calls", "key_persons", "leads", "qualified", "won", "lost"]
            for name, n in [*((n, getattr(line, n)) for n in names), *line.amounts.items()]:
                sums[*whose, line.month, name] += n
    return +sums
