"""What is taken out and brought back changes nothing; formulas stay text."""

import datetime as dt
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sales import actions
from sales.actions import Count
from sales.deals import Told
from sales.imports import exporting
from tests.sales.imports.factories import World, counted, troubles
from tests.sales.imports.test_importing import facts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_broker")]

FEW = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MOMENTS = st.integers(1_735_700_000, 1_767_000_000).map(
    lambda at: dt.datetime.fromtimestamp(at, dt.UTC)
)
IDS = st.sampled_from(["D-1", "007", "=1+1", "'x", "-5", "髙,橋", '"q"', "＝a"])


@pytest.fixture
def world(settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return World()


def taken_out(world: World, grain: str, form: str, language: str) -> bytes:
    out = io.BytesIO()
    lines = exporting.rows(source_id=world.crm.pk, grain=grain, language=language)
    exporting.write(lines, out, form=form, title="x")
    return out.getvalue()


@FEW
@given(data=st.data())
def test_deals_come_back_as_they_went(world: World, data: st.DataObject) -> None:
    people = st.sampled_from([world.sato.pk, world.suzuki.pk])
    opened = dt.datetime(2024, 12, 31, 15, tzinfo=dt.UTC)
    whole = st.builds(
        lambda key, owners, stages, outcome, at, amount, reason: Told(
            external_id=key,
            product_id=world.product.pk,
            opened_at=opened,
            owners=owners,
            stages=stages,
            outcome=outcome,
            closed_at=None if outcome == "open" else at,
            amount=amount,
            currency="USD",
            reason=reason,
        ),
        IDS,
        st.dictionaries(MOMENTS, people, min_size=1, max_size=3),
        st.dictionaries(st.sampled_from(["appointment", "qualified", "proposal"]), MOMENTS),
        st.sampled_from(["open", "won", "lost", "refunded"]),
        MOMENTS,
        st.none() | st.integers(0, 10**9),
        st.sampled_from(["", "価格", "=cmd", "a\nb"]),
    )
    actions.upsert_opportunities(
        source_id=world.crm.pk, told=data.draw(st.lists(whole, min_size=1, max_size=5))
    )
    before = facts()
    for form, language in (("csv", "ja"), ("xlsx", "en")):
        file = world.applied(taken_out(world, "opportunity", form, language))
        assert not troubles(file)
        assert counted(file)[:2] == (0, 0)
        assert facts() == before


@FEW
@given(data=st.data())
def test_counts_come_back_as_they_went(world: World, data: st.DataObject) -> None:
    whole = st.builds(
        Count,
        person_id=st.sampled_from([world.sato.pk, world.suzuki.pk]),
        product_id=st.just(world.product.pk),
        day=st.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 9)),
        measure=st.sampled_from(["calls", "key_persons", "leads", "appointments", "qualified"]),
        count=st.integers(0, 50),
    )
    actions.record_activities(
        source_id=world.crm.pk, counts=data.draw(st.lists(whole, min_size=1, max_size=9))
    )
    before = facts()
    for form, language in (("csv", "en"), ("xlsx", "ja")):
        file = world.applied(taken_out(world, "activity", form, language), "activity")
        assert counted(file)[:2] == (0, 0), troubles(file)
        assert facts() == before


def test_an_owner_of_before_is_not_taken_for_a_new_one(world: World) -> None:
    told = Told(
        external_id="D-1",
        product_id=world.product.pk,
        opened_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        owners={
            dt.datetime(2026, 1, 1, tzinfo=dt.UTC): world.sato.pk,
            dt.datetime(2026, 3, 1, tzinfo=dt.UTC): world.suzuki.pk,
        },
        outcome="won",
        closed_at=dt.datetime(2026, 2, 1, tzinfo=dt.UTC),
    )
    actions.upsert_opportunities(source_id=world.crm.pk, told=[told])
    file = world.applied(taken_out(world, "opportunity", "csv", "ja"))
    assert counted(file) == (0, 0, 1, 0)
