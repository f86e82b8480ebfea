"""Heartbeats count once; progress is computed anew from what was answered."""

import datetime as dt
import itertools
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.models import Delivery
from core.outbox import drain
from courses.progress import spans
from courses.progress.actions import Beat, record_beats
from courses.progress.beginning import learning_day
from courses.progress.models import Heartbeat, LearningDay, ModuleProgress
from courses.quizzes.actions import correct_key
from partners.models import Person
from tests.core.waiting import rounds
from tests.courses.factories import hand_in, make_course, make_module, version_of
from tests.partners.factories import make_client, make_partner, make_person

times = st.lists(st.tuples(st.integers(0, 60_000), st.integers(0, 60_000)).map(sorted).map(tuple))


@given(times)
def test_merged_spans_are_sorted_and_apart(played: list[tuple[int, int]]) -> None:
    merged = spans.merge(played)
    assert all(a[1] + spans.GAP_MS < b[0] for a, b in itertools.pairwise(merged))
    assert all(start < end for start, end in merged)


@given(times, st.randoms())
def test_the_order_of_spans_does_not_matter(played: list[tuple[int, int]], random) -> None:
    shuffled = list(played)
    random.shuffle(shuffled)
    assert spans.merge(shuffled + played) == spans.merge(played)


@given(times)
def test_merging_in_parts_never_makes_the_total_smaller(played: list[tuple[int, int]]) -> None:
    so_far: list[tuple[int, int]] = []
    for each in played:
        longer = spans.merge([*so_far, each])
        assert spans.total(longer) >= spans.total(so_far)
        so_far = longer


@pytest.mark.django_db
def test_a_day_begins_at_midnight_in_tokyo() -> None:
    assert learning_day(dt.datetime(2026, 11, 22, 15, 0, tzinfo=dt.UTC)) == dt.date(2026, 11, 23)
    assert learning_day(dt.datetime(2026, 11, 22, 14, 59, tzinfo=dt.UTC)) == dt.date(2026, 11, 22)


@pytest.fixture
def rep() -> Person:
    """A partner's rep."""
    make_client()
    return make_person(make_partner())


def beats(module_id: uuid.UUID, *played: tuple[int, int]) -> list[Beat]:
    """Beats of a video that was played in these stretches."""
    session = uuid.uuid4()
    return [
        Beat(module_id, session, seq, "video", (end - start) // 1000, start, end)
        for seq, (start, end) in enumerate(played)
    ]


@pytest.mark.django_db
class TestHeartbeats:
    def test_seconds_that_were_really_played_are_counted_once(self, rep: Person) -> None:
        module = make_module()
        sent = beats(module.pk, (0, 5000), (5000, 10_000), (5000, 10_000), (20_000, 25_000))
        assert record_beats(person=rep, beats=sent) == 4
        assert record_beats(person=rep, beats=sent) == 0
        progress = ModuleProgress.objects.get()
        assert (progress.watched_ms, progress.position_ms) == (15_000, 25_000)
        assert progress.active_seconds == 20
        assert Heartbeat.objects.count() == 4
        assert LearningDay.objects.count() == 1

    def test_two_peoples_phones_may_have_made_the_same_session(self, rep: Person) -> None:
        sent = beats(make_module().pk, (0, 5000))
        assert record_beats(person=make_person(make_partner()), beats=sent) == 1
        assert record_beats(person=rep, beats=sent) == 1
        assert record_beats(person=rep, beats=sent) == 0

    def test_beats_of_a_second_phone_that_come_late_do_not_set_the_video_back(
        self, rep: Person
    ) -> None:
        module, now = make_module(), timezone.now()
        for ago, start in ((0, 30_000), (3, 0)):
            at = now - dt.timedelta(hours=ago)
            beat = Beat(module.pk, uuid.uuid4(), 0, "video", 5, start, start + 5000, at)
            record_beats(person=rep, beats=[beat])
        progress = ModuleProgress.objects.get()
        assert (progress.position_ms, progress.watched_ms) == (35_000, 10_000)

    def test_a_beat_claims_at_most_half_a_minute(self, rep: Person) -> None:
        module = make_module()
        record_beats(person=rep, beats=[Beat(module.pk, uuid.uuid4(), 0, "reading", 3000)])
        assert ModuleProgress.objects.get().active_seconds == 30

    def test_a_module_that_one_may_not_see_takes_no_beats(self, rep: Person) -> None:
        hidden = make_module(audience="client")
        assert record_beats(person=rep, beats=beats(hidden.pk, (0, 5000))) == 0
        assert not ModuleProgress.objects.exists()

    def test_modules_are_locked_in_one_order_however_they_were_sent(self, rep: Person) -> None:
        course = make_course()
        modules = sorted(make_module(course=course).pk for _ in range(8))
        for sent in (modules, modules[::-1]):
            session = uuid.uuid4()
            with CaptureQueriesContext(connection) as captured:
                record_beats(
                    person=rep,
                    beats=[Beat(pk, session, seq, "reading", 5) for seq, pk in enumerate(sent)],
                )
            locks = [each["sql"] for each in captured if "FOR NO KEY UPDATE" in each["sql"]]
            locked = [pk for sql in locks for pk in modules if pk.hex in sql.replace("-", "")]
            assert locked == modules


def work_off(order: int = 1) -> None:
    """Run all deliveries until nothing waits, in either order."""
    for waiting in rounds():
        for each in waiting[::order]:
            drain([each.pk], "score")


@pytest.mark.django_db
class TestScoredAttempts:
    def test_the_first_hand_in_finishes_the_module(self, rep: Person) -> None:
        module = make_module()
        hand_in(rep, module, right=3)
        work_off()
        progress = ModuleProgress.objects.get()
        assert progress.finished_at is not None
        assert float(progress.first_score or 0) == 0.75
        assert progress.understood_at is None
        assert progress.understood == ["q001", "q002", "q003"]

    @pytest.mark.parametrize("order", [1, -1])
    def test_the_rest_is_understood_later_in_any_order_of_news(
        self, rep: Person, order: int
    ) -> None:
        module = make_module()
        hand_in(rep, module, right=2)
        work_off(order)
        hand_in(rep, module, retry=True)
        work_off(order)
        progress = ModuleProgress.objects.get()
        assert progress.understood_at is not None
        assert float(progress.first_score or 0) == 0.5
        news = Delivery.objects.filter(event="ModuleFinished").values_list("payload", flat=True)
        assert len({item["module_id"] for item in news}) <= 1

    def test_the_same_news_twice_changes_nothing(self, rep: Person) -> None:
        module = make_module()
        hand_in(rep, module)
        work_off()
        before = ModuleProgress.objects.values().get()
        Delivery.objects.update(state="pending", done_at=None, tries=0, next_at=timezone.now())
        work_off()
        assert ModuleProgress.objects.values().get() == before

    @pytest.mark.parametrize("order", [1, -1])
    def test_the_first_score_is_the_newest_in_any_order_of_corrections(
        self, rep: Person, order: int
    ) -> None:
        module = make_module()
        hand_in(rep, module)
        work_off()
        for key in ("b", "a"):
            correct_key(
                quiz_version_id=version_of(module).pk,
                item_key="q001",
                correct_keys=[key],
                note="",
                by=rep.pk,
            )
            news = Delivery.objects.filter(event="KeyCorrected", state="pending")
            drain(news.values_list("pk", flat=True), "bulk")
        scored = Delivery.objects.filter(event="AttemptScored", state="pending")
        assert scored.exists()
        for each in scored.order_by("pk")[::order]:
            drain([each.pk], each.queue)
        assert float(ModuleProgress.objects.get().first_score or 0) == 1
