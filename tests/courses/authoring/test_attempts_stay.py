"""No edit and no publication changes or loses an attempt that somebody has begun or finished.

Random edits, publications, restorations and archivings between random answers: after each step of an author
every attempt, answer and version in the database is what it was; in the end each attempt is scored by the
questions with which it began.
"""

import contextlib
import copy
import json
import random
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.scope import CLIENT, scoped
from courses.authoring import documents
from courses.authoring.actions import courses as shelf
from courses.authoring.actions import publications
from courses.authoring.actions.drafts import lock, restore, save_draft
from courses.authoring.models import Snapshot
from courses.progress.publishing import NotPublishableError
from courses.quizzes import scoring
from courses.quizzes.actions import (
    Delivered,
    GivenAnswer,
    UnknownAttemptError,
    score_attempt,
    take_answers,
)
from courses.quizzes.models import Answer, Attempt
from partners.models import Person
from partners.problems import Problem
from tests.core.broker import quiet_broker
from tests.courses.authoring.writing import make_author, text_block
from tests.courses.factories import make_module, multiple, single
from tests.partners.factories import make_partner, make_person
from tests.plugin.thorough import times

__all__ = ["quiet_broker"]  # a fixture: no worker takes part

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_broker")]

TABLES = ("quizzes_attempt", "quizzes_answer", "quizzes_lateanswer")
FROZEN = ("quizzes_quizversion", "catalog_moduleversion")


def _rows(*tables: str) -> dict[str, set[str]]:
    """Return every row of these tables as text."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found[table] = {row[0] for row in cursor.fetchall()}
    return found


class World:
    """A module, an author who changes it at random, and reps who answer it."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.author = make_author()
        items = [single("q001"), multiple("q002"), single("q003", right="c")]
        self.module = make_module(items=items)
        partner = make_partner()
        self.reps = [make_person(partner, sign_in=False) for _ in range(2)]
        self.given: dict[uuid.UUID, dict[str, tuple[str, ...]]] = {}
        self.begun_with: dict[uuid.UUID, str] = {}
        self.seq = 0

    # --- The author ---------------------------------------------------------------------------

    def edit(self) -> None:
        """Change something of the draft."""
        _module, _blocks, current = lock(self.module.pk)
        raw = copy.deepcopy(current.document.to_json())
        self.chance.choice(EDITS)(self, raw)
        save_draft(
            module_id=self.module.pk,
            base=current.revision,
            document=documents.of_json(raw),
            by=self.author.pk,
        )

    def publish(self) -> None:
        """Publish the draft, if it can be."""
        _module, _blocks, current = lock(self.module.pk)
        with contextlib.suppress(NotPublishableError, Problem):
            publications.publish_now(
                module_id=self.module.pk, base=current.revision, note="", by=self.author.pk
            )

    def take_back(self) -> None:
        """Restore an earlier state."""
        _module, _blocks, current = lock(self.module.pk)
        revisions = list(Snapshot.objects.values_list("revision", flat=True))
        if revisions:
            restore(
                module_id=self.module.pk,
                base=current.revision,
                revision=self.chance.choice(revisions),
                by=self.author.pk,
            )

    def archive(self) -> None:
        """Put the module away, or bring it back."""
        shelf.archive_module(
            module_id=self.module.pk, archived=self.chance.random() < 0.5, by=self.author.pk
        )

    # --- The reps -----------------------------------------------------------------------------

    def answer(self) -> None:
        """Let a rep choose something in an open attempt, beginning one where there is none."""
        rep = self.chance.choice(self.reps)
        attempt = Attempt.objects.filter(person=rep, state="open").first() or self._begin(rep)
        if attempt is None:
            return
        key = self.chance.choice(attempt.item_keys)
        document = attempt.quiz_version.document
        item = next(each for each in document["items"] if each["key"] == key)
        options = [option["key"] for option in item["options"]]
        chosen = tuple(self.chance.sample(options, 1 if item["kind"] != "multiple" else 2))
        self.seq += 1
        answer = GivenAnswer(key, chosen, self.seq, None)
        receipt = take_answers(person=rep, delivered=Delivered(attempt.pk, [answer]))
        assert (receipt.attempt_id, receipt.late) == (attempt.pk, [])
        self.given[attempt.pk][key] = chosen

    def _begin(self, rep: Person) -> Attempt | None:
        """Begin an attempt, again after the first one; None where nothing can be seen."""
        again = Attempt.objects.filter(person=rep).exists()
        begun = Delivered(uuid.uuid4(), [], module_id=self.module.pk, retry=again)
        try:
            receipt = take_answers(person=rep, delivered=begun)
        except UnknownAttemptError:
            return None
        attempt = Attempt.objects.get(pk=receipt.attempt_id)
        self.begun_with[attempt.pk] = json.dumps(attempt.quiz_version.document, sort_keys=True)
        self.given[attempt.pk] = {}
        return attempt

    def hand_in(self) -> None:
        """Let a rep hand in what they have begun."""
        attempt = Attempt.objects.filter(state="open").order_by("pk").first()
        if attempt is not None:
            end = Delivered(attempt.pk, [], submit=True)
            assert take_answers(person=attempt.person, delivered=end).state == "submitted"

    def score(self) -> None:
        """Let the worker score what waits."""
        for attempt in Attempt.objects.filter(state="submitted"):
            score_attempt(attempt_id=attempt.pk)

    def check_the_end(self) -> None:
        """Every attempt can be handed in, and is scored by the questions with which it began."""
        while Attempt.objects.filter(state="open").exists():
            self.hand_in()
        self.score()
        assert set(self.begun_with) == set(Attempt.objects.values_list("pk", flat=True))
        for attempt in Attempt.objects.all():
            answers = dict(
                Answer.objects.filter(attempt=attempt)
                .exclude(option_keys=[])
                .values_list("item_key", "option_keys")
            )
            given = {key: list(chosen) for key, chosen in self.given[attempt.pk].items()}
            assert answers == given
            begun = json.loads(self.begun_with[attempt.pk])
            asked = [item for item in scoring.items_of(begun) if item.key in attempt.item_keys]
            expected = scoring.score(asked, given)
            assert (attempt.state, attempt.max_score) == ("scored", Decimal(expected.max_score))
            assert attempt.score == expected.score


def _items(raw: dict[str, Any]) -> list[dict[str, Any]]:
    return [i for b in raw["blocks"] if b["kind"] == "quiz" for i in b["data"]["items"]]


def _reword(world: World, raw: dict[str, Any]) -> None:
    for item in _items(raw)[:1]:
        item["stem"] = f"問い{world.chance.random()}"


def _another_key(world: World, raw: dict[str, Any]) -> None:
    for item in _items(raw):
        right = world.chance.choice(item["options"])
        for option in item["options"]:
            option["correct"] = option is right


def _remove_question(world: World, raw: dict[str, Any]) -> None:
    for block in raw["blocks"]:
        if block["kind"] == "quiz" and block["data"]["items"]:
            block["data"]["items"].pop(world.chance.randrange(len(block["data"]["items"])))


def _add_question(world: World, raw: dict[str, Any]) -> None:
    for block in raw["blocks"]:
        if block["kind"] == "quiz":
            key = f"n{world.chance.randrange(10**6):06}"
            block["data"]["items"].insert(0, single(key, right="b", options=3))


def _drop_options(_world: World, raw: dict[str, Any]) -> None:
    for item in _items(raw):
        item["options"] = item["options"][:2]


def _remove_block(world: World, raw: dict[str, Any]) -> None:
    if raw["blocks"]:
        raw["blocks"].pop(world.chance.randrange(len(raw["blocks"])))


def _shuffle(world: World, raw: dict[str, Any]) -> None:
    world.chance.shuffle(raw["blocks"])


def _add_block(world: World, raw: dict[str, Any]) -> None:
    raw["blocks"].append(text_block(key=f"t{world.chance.randrange(10**6):06}"))


def _retitle(world: World, raw: dict[str, Any]) -> None:
    raw["title"] = world.chance.choice(["", "別の題", "もう一つの題"])


EDITS: tuple[Callable[[World, dict[str, Any]], None], ...] = (
    *(_reword, _another_key, _remove_question, _add_question, _drop_options),
    *(_remove_block, _shuffle, _add_block, _retitle),
)
AUTHOR = ("edit", "edit", "publish", "publish", "take_back", "archive")
READERS = ("answer", "answer", "answer", "hand_in", "score")


@settings(
    max_examples=times(10),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    seed=st.integers(0, 2**32),
    steps=st.lists(st.sampled_from([*AUTHOR, *READERS]), min_size=6, max_size=30),
)
def test_no_edit_or_publication_changes_or_loses_an_attempt(seed: int, steps: list[str]) -> None:
    with transaction.atomic(), scoped(CLIENT):
        world = World(seed)
        for step in ("answer", *steps):
            attempts, frozen = _rows(*TABLES), _rows(*FROZEN)
            getattr(world, step)()
            if step in AUTHOR:
                assert _rows(*TABLES) == attempts, step
            after = _rows(*FROZEN)
            assert all(frozen[table] <= after[table] for table in FROZEN), step
        world.check_the_end()
        transaction.set_rollback(True)
