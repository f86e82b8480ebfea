"""News is written once per cause, for who wants it, with what caused it."""

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.db import transaction

from core import scope
from core.outbox import process, publish
from courses.progress.events import ModuleFinished
from courses.quizzes.events import AttemptScored
from courses.quizzes.handlers import announce_score
from partners.webhooks.actions import announce
from partners.webhooks.actions.announcing import send_test
from partners.webhooks.models import Message, Sending
from sales.imports.events import ImportFinished
from sales.imports.webhooks import tell_done
from tests.concurrency.racing import race
from tests.core.broker import bells, quiet_broker
from tests.core.waiting import rounds
from tests.courses.factories import hand_in, make_module
from tests.partners.factories import make_client, make_partner, make_person
from tests.partners.webhooks.documented import blocks
from tests.partners.webhooks.factories import FINISHED, make_endpoint, tell

__all__ = ["quiet_broker"]  # a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _world(quiet_broker: None) -> None:
    """Let nobody send, and everything be seen."""
    scope.enter(scope.CLIENT)


def test_news_goes_to_every_endpoint_that_wants_its_kind():
    partner = make_partner()
    wants = make_endpoint()
    make_endpoint(kinds=["attempt.scored"])
    assert tell(partner, person_id=uuid.UUID(int=5))
    (sending,) = Sending.objects.select_related("message")
    assert (sending.endpoint_id, sending.state, sending.tries) == (wants.pk, "waiting", 0)
    assert json.loads(sending.message.body) == {
        "type": FINISHED,
        "timestamp": "2026-11-22T09:00:00+00:00",
        "data": {"person_id": str(uuid.UUID(int=5))},
    }


def test_nobody_listens_and_nothing_is_written(django_assert_num_queries: Any):
    organisation = make_client()
    with django_assert_num_queries(3):  # the scope there and back, and the question
        assert not tell(organisation)
    assert not Message.objects.exists()


def test_the_same_cause_is_told_once():
    organisation = make_client()
    make_endpoint()
    assert tell(organisation, "1:2")
    assert not tell(organisation, "1:2", other=1)
    assert Sending.objects.count() == 1


def test_an_endpoint_that_comes_later_is_not_told_what_was_told_before():
    organisation = make_client()
    make_endpoint()
    tell(organisation, "1:2")
    make_endpoint(name="late")
    tell(organisation, "1:2")
    assert Sending.objects.count() == 1


def test_a_kind_that_no_app_declares_is_a_mistake():
    with pytest.raises(ValueError, match=r"no\.such"):
        announce(kind="no.such", organisation=make_client().pk, source_key="1", data={})


def test_a_value_that_is_not_plain_is_a_mistake():
    make_endpoint()
    with pytest.raises(TypeError):
        tell(make_client(), data=object())


def test_news_of_what_did_not_happen_is_not_told():
    organisation = make_client()
    make_endpoint()
    with transaction.atomic():
        tell(organisation)
        transaction.set_rollback(True)
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("state", "found"), [("paused", ["waiting"]), ("disabled", ["failed"]), ("archived", [])]
)
def test_what_happens_while_an_endpoint_is_not_on(state: str, found: list[str]):
    organisation = make_client()
    make_endpoint(state=state)
    assert not tell(organisation)
    assert list(Sending.objects.values_list("state", flat=True)) == found


def test_a_partner_s_endpoint_would_hear_of_its_own_people_alone():
    mine, rival = make_partner(), make_partner()
    make_endpoint(organisation=mine)
    assert not tell(rival)
    assert tell(mine)


def test_news_in_a_partner_s_scope_reaches_the_client_s_endpoint():
    partner = make_partner()
    make_endpoint()
    with scope.scoped(partner.pk):
        assert tell(partner)
        assert scope.current() == str(partner.pk)
        assert not Sending.objects.exists(), "the client's log is none of theirs"
    assert Sending.objects.count() == 1


def test_an_event_that_is_delivered_twice_is_told_once():
    person = make_person(make_partner())
    make_endpoint()
    event = ModuleFinished(
        person_id=person.pk,
        organisation_id=person.organisation_id,
        team_id=None,
        module_id=uuid.uuid4(),
        attempt_id=None,
        finished_at=dt.datetime(2026, 11, 22, tzinfo=dt.UTC),
    )
    for _ in range(2):
        with transaction.atomic():
            publish(event)
    _work_off()
    (message,) = Message.objects.all()
    assert json.loads(message.body)["data"]["person_id"] == str(person.pk)


def test_a_scored_attempt_is_told_with_its_module_and_as_documented():
    rep = make_person(make_partner())
    endpoint = make_endpoint(kinds=[FINISHED, "attempt.scored"])
    attempt = hand_in(rep, make_module())
    _work_off()
    told = {m.kind: json.loads(m.body) for m in Message.objects.all()}
    assert told.keys() == {FINISHED, "attempt.scored"}
    assert told["attempt.scored"]["data"]["attempt_id"] == str(attempt.attempt_id)
    assert told["attempt.scored"]["data"]["scoring"] == 1
    send_test(actor=_admin(), endpoint_id=endpoint.pk)
    make_endpoint(kinds=["import.done"])
    tell_done(
        ImportFinished(
            import_id=uuid.uuid4(),
            source_id=uuid.uuid4(),
            grain="opportunity",
            organisation_id=endpoint.organisation_id,
            brought_by=rep.pk,
            finished_at=dt.datetime(2026, 11, 22, tzinfo=dt.UTC),
            new=1,
            changed=0,
            unchanged=0,
            left_out=0,
        )
    )
    told["import.done"] = json.loads(Message.objects.get(kind="import.done").body)
    told["webhook.test"] = json.loads(Message.objects.get(kind="webhook.test").body)
    documented = {each["type"]: each for each in map(json.loads, blocks("json"))}
    assert documented.keys() == told.keys()
    for kind, payload in told.items():
        assert payload.keys() == documented[kind].keys()
        assert payload["data"].keys() == documented[kind]["data"].keys(), kind
        for name, value in payload["data"].items():
            shown = documented[kind]["data"][name]
            assert type(value) is type(shown) or None in {value, shown}, (kind, name)


def test_each_scoring_of_an_attempt_is_told_once():
    organisation = make_client()
    make_endpoint(kinds=["attempt.scored"])
    ids = dict.fromkeys(("attempt_id", "person_id", "quiz_id", "module_id"), uuid.uuid4())
    for scoring in (1, 2, 2, 1):
        event = AttemptScored(
            **ids,
            organisation_id=organisation.pk,
            team_id=None,
            is_first=True,
            submitted_at=dt.datetime(2026, 11, 22, tzinfo=dt.UTC),
            scoring=scoring,
            correct_count=1,
            item_count=2,
            score_fraction="0.500",
        )
        announce_score(event)
    assert Message.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_news_rings_a_worker_after_the_commit():
    organisation = make_client()
    make_endpoint()
    with scope.scoped(scope.CLIENT), transaction.atomic():
        tell(organisation)
        assert ("webhooks.send", []) not in bells("bulk")
    assert ("webhooks.send", []) in bells("bulk")


@pytest.mark.django_db(transaction=True)
def test_the_same_cause_told_by_two_workers_at_once_is_told_once():
    organisation = make_client()
    make_endpoint()

    def once() -> bool:
        with scope.scoped(scope.CLIENT):
            return tell(organisation, "1:2")

    assert sorted(race([once] * 4)) == [False, False, False, True]
    with scope.scoped(scope.CLIENT):
        assert Sending.objects.count() == 1


def _admin() -> Any:
    return make_person(make_client(), roles=["admin"])


def _work_off() -> None:
    for waiting in rounds():
        for delivery in waiting:
            process(delivery.pk)
