"""The two worlds: one with a rival, and the same without it. All of it in one transaction that is never committed."""

import contextlib
import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import time_machine
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from core.scope import CLIENT, scoped
from courses.progress.actions import Beat, record_beats
from lms.celery import app
from partners.models import Person
from sales import days
from sales.actions import upsert_opportunities
from sales.actions.days import enter_day
from sales.deals import Told
from sales.models import Product, Source
from tests.architecture import world
from tests.architecture.world import Side
from tests.isolation.asking import Visitor, run_news
from tests.isolation.rows import Keys, Rows, ids_in, without
from tests.isolation.samples.values import phone_deal, words_of

RIVAL_WON, SECRET_WON = 15485863, 32452843
"""What the deals of the rival's manager brought, and of each other one: no other numbers are like them."""

COUNTED = ("analytics.mend_summaries", "gamification.mend_standings")
"""Tasks that add up what the news left."""


@contextlib.contextmanager
def stage(media: Path) -> Iterator[None]:
    """Open the transaction, stand still in time, and ring no bells; requests are not held back by their number."""
    now = dt.datetime.now(dt.UTC)
    with (
        override_settings(MEDIA_ROOT=media, API_REQUESTS_A_MINUTE=1_000_000),
        time_machine.travel(now, tick=False),
        transaction.atomic(),
    ):
        try:
            yield
        finally:
            transaction.set_rollback(True)


class Scene:
    """A client and a partner, and for a while their rival."""

    def __init__(self) -> None:
        self.rows = Rows()
        nothing = self.rows.keys()
        self.ours, self.mine, self._shared = world.without_rival()
        with scoped(CLIENT):
            self._crm = Source.objects.create(name="CRM", kind=Source.Kind.CRM)
        for side in (self.ours, self.mine):
            self._by_phone(side)
        settle()
        self.own_keys = without(self.rows.keys(), nothing)

    @contextlib.contextmanager
    def with_rival(self) -> Iterator[tuple[Side, Keys]]:
        """Let the rival be there, and say which rows are theirs."""
        before = self.rows.keys()
        point = transaction.savepoint()
        try:
            rival = world.add_rival(self._shared)
            self._by_phone(rival, its_own=rival.ids["attempt_id"])
            settle()
            yield rival, without(self.rows.keys(), before)
        finally:
            transaction.savepoint_rollback(point)

    def _by_phone(self, side: Side, its_own: uuid.UUID | None = None) -> None:
        """Let a rep's phone tell of a deal and of learning; the ids that it made are a form's ids too."""
        rep, session = side.people["rep"], uuid.uuid4()
        product, today = side.ids["product_id"], dt.datetime.now(dt.UTC).date()
        said = {"outcome": "open", "product": str(product)}
        with scoped(CLIENT):
            given = {f"d.{phone_deal(side)}.{name}": value for name, value in said.items()}
            enter_day(person=rep, day=today, entered=days.read(given))
            beat = Beat(side.ids["module_id"], session, 1, "reading", 10)
            record_beats(person=rep, beats=[beat])
            won = RIVAL_WON if its_own else SECRET_WON
            _win(side.people["manager"], words_of(side)["deal"], won)
        side.ids.update(
            session_id=session, new_attempt_id=its_own or uuid.uuid4(), crm_id=self._crm.pk
        )

    def visitor(self, theirs: Keys | None = None) -> Visitor:
        """Return somebody who makes requests; `theirs` are rows that nobody may change."""
        if theirs is None:
            return Visitor(self.rows)
        return Visitor(self.rows, theirs, ids_in(theirs))


def settle() -> None:
    """Let all news be heard, and all be added up."""
    failed = [name for name in run_news() if name != "nobody"]
    assert not failed, failed
    with scoped(CLIENT):
        for name in COUNTED:
            task(name).run()


def _win(seller: Person, key: str, amount: int) -> None:
    """Let somebody have won a deal yesterday."""
    closed = timezone.now() - dt.timedelta(days=1)
    won = Told(
        external_id=key,
        product_id=Product.objects.get().pk,
        opened_at=closed - dt.timedelta(days=20),
        owner=seller.pk,
        stages={"appointment": closed - dt.timedelta(days=15)},
        outcome="won",
        closed_at=closed,
        amount=amount,
        currency="JPY",
    )
    upsert_opportunities(source_id=Source.objects.get(kind=Source.Kind.HAND).pk, told=[won])


def task(name: str) -> Any:
    """Return a Celery task of ours."""
    app.loader.import_default_modules()
    return app.tasks[name]
