"""The grid: the correlations that reports say, how sure they are, and what luck alone would mark."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
import time_machine
from scipy import stats

from analytics.associations import measures
from analytics.associations.engine import cells as engine
from analytics.associations.engine.correlation import Rows, parts
from analytics.associations.models import Cell, Grid
from analytics.associations.queries import grids
from analytics.associations.tasks import night
from core.scope import scoped
from partners.models import Organisation
from tests.analytics.associations.factories import NOW, market, partners_that_differ, seller
from tests.partners.factories import make_partner, make_person
from tests.sales.factories import moved


def drawn(seed: int, *, groups: int = 30, size: int = 20, effect: float = 0.0) -> Rows:
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(groups), size)
    x = rng.normal(size=groups * size) + rng.normal(size=groups)[group]
    y = effect * x + rng.normal(size=groups * size) + rng.normal(size=groups)[group]
    return Rows(np.round(x, 1), y, group)


@pytest.mark.parametrize("groups", [1, 4, 30])
def test_a_cell_is_what_the_report_says_within_companies(groups: int) -> None:
    rows = drawn(1, groups=groups, size=40, effect=0.4)
    found = engine.cell(rows.x, rows.y, rows.group)
    assert found.value == pytest.approx(float(parts(rows).within[0]), abs=1e-12)
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high


def test_its_standard_error_is_that_of_drawing_companies_anew() -> None:
    rows = drawn(2, groups=60, size=15, effect=0.3)
    x, y = (engine._centred(values, rows.group) for values in (rows.x, rows.y))
    sums = np.array([[np.bincount(rows.group, weights=w) for w in (x * y, x * x, y * y)]])[0]
    draws = np.random.default_rng(3).integers(0, 60, (4000, 60))
    xy, xx, yy = (each[draws].sum(axis=1) for each in sums)
    _value, error, freedom = engine._within(x, y, rows.group, 60)
    assert error == pytest.approx(float(np.std(xy / np.sqrt(xx * yy))), rel=0.05)
    assert freedom == 59


def test_of_one_company_it_is_what_scipy_says_of_spearman() -> None:
    rows = drawn(6, groups=1, size=300, effect=0.1)
    found = engine.cell(rows.x, rows.y, rows.group)
    known = stats.spearmanr(rows.x, rows.y)
    assert found.value == pytest.approx(known.statistic, abs=1e-12)
    assert stats.norm.isf(found.p) == pytest.approx(stats.norm.isf(known.pvalue), rel=0.1)


def test_missing_figures_are_left_out_of_their_cells_alone() -> None:
    rows = drawn(4, groups=5, size=12)
    x = rows.x.copy()
    x[:35] = np.nan
    assert engine.cell(x, rows.y, rows.group).reason == measures.FEW
    assert engine.cell(rows.x, rows.y, rows.group).reps == 60
    assert engine.cell(np.zeros(60), rows.y, rows.group).reason == measures.SAME_LEARNING
    assert engine.cell(rows.x, np.zeros(60), rows.group).reason == measures.SAME_SALES
    assert engine.cell(rows.group * 1.0, rows.y, rows.group).reason == measures.FEW


def test_without_any_signal_many_cells_are_hits_and_none_is_marked() -> None:
    raw, worlds_with_marks = [], 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        group = np.repeat(np.arange(20), 15)
        ways, sales = rng.normal(size=(20, 300)), rng.normal(size=(10, 300))
        found = engine.marked(
            {(n, k): engine.cell(ways[n], sales[k], group) for n in range(20) for k in range(10)}
        )
        raw.append(sum(each.p < 0.05 for each in found.values()))
        worlds_with_marks += any(each.q < 0.05 for each in found.values())
    assert 6 < np.mean(raw) < 16
    assert worlds_with_marks <= 3


def test_marks_are_those_of_benjamini_and_hochberg() -> None:
    published = (
        *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
        *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0),
    )
    cells = {n: engine.Found(40, 4, "", 0.1, 0.0, 0.2, p) for n, p in enumerate(published)}
    found = engine.marked({**cells, 99: engine.Found(3, 1, measures.FEW)})
    assert sum(each.q is not None and each.q < 0.05 for each in found.values()) == 4
    assert found[99].q is None


# --- As rows -------------------------------------------------------------------------------------


@pytest.fixture
def client() -> Organisation:
    own, _product, modules = market()
    partners_that_differ(modules)
    big = make_partner("大きな会社")
    for n in range(32):
        seller(big, learnt=n % 4, made=20 + 5 * (n % 4) + n % 3, modules=modules)
    with time_machine.travel(NOW, tick=False):
        night()
    return own


@pytest.mark.django_db
def test_each_organisation_has_the_grid_of_what_it_may_see(client: Organisation) -> None:
    whole = Grid.objects.get(organisation=client)
    assert (whole.reps, whole.partners, whole.lag) == (68, 7, 1)
    assert (f"{whole.since} {whole.until}") == "2025-11-01 2026-11-01"
    cells = {(each.learning, each.sales): each for each in whole.cells.all()}
    assert len(cells) == len(measures.LEARNING) * 3  # nobody won anything: no currency
    assert cells["finished", "appointments"].q < 0.05
    assert cells["finished", "win"].reason == measures.FEW
    assert cells["quiz", "appointments"].reason == measures.SAME_LEARNING
    assert whole.tested == sum(not each.reason for each in cells.values())
    own = Grid.objects.get(organisation__name="大きな会社")
    assert (own.reps, own.partners, own.people) == (32, 1, 32)
    assert own.cells.get(learning="finished", sales="appointments").value > 0.5
    small = Grid.objects.get(organisation__name="会社0")
    assert set(small.cells.values_list("reason", flat=True)) == {measures.FEW}
    with scoped(own.organisation_id):
        assert set(Cell.objects.values_list("organisation_id", flat=True)) == {own.organisation_id}
    manager = make_person(own.organisation, roles=["manager"], sign_in=False)
    assert grids.latest(manager) == own


@pytest.mark.django_db
def test_the_same_figures_are_the_same_grid_and_others_another_one(client: Organisation) -> None:
    first = Grid.objects.get(organisation=client)
    with time_machine.travel(NOW.replace(day=21), tick=False):
        night()
    again = Grid.objects.get(organisation=client)
    assert (again.pk, again.as_of) == (first.pk, NOW)
    assert again.checked_at > first.checked_at
    place = Organisation.objects.get(name="会社1")
    seller(place, learnt=0, made=3, modules=[])
    with time_machine.travel(NOW.replace(day=22), tick=False):
        night()
    assert Grid.objects.filter(organisation=client).count() == 2
    assert grids.latest(make_person(client, sign_in=False)).reps == 69
    assert Grid.objects.filter(organisation__name="大きな会社").count() == 1


@pytest.mark.django_db
def test_whoever_moved_on_counts_where_they_sold() -> None:
    _client, _product, modules = market()
    mine, other = make_partner("みらい営業"), make_partner("あおば商事")
    gone = seller(mine, learnt=1, made=9, modules=modules)
    moved(gone, other, None, dt.date(2026, 10, 5))
    with time_machine.travel(NOW, tick=False):
        night()
    found = Grid.objects.get(organisation=mine)
    assert (found.people, found.reps) == (1, 1)
