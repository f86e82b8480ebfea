"""An endpoint's life: paused, given up after days, tested, and its log forgotten."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from core import scope
from core.models import Notice
from core.notices.kinds import describe
from partners.webhooks.actions.announcing import send_test
from partners.webhooks.actions.endpoints import set_state
from partners.webhooks.actions.sending import send_waiting
from partners.webhooks.actions.tidying import forget_old
from partners.webhooks.models import Endpoint, Message, Sending, Try
from tests.core.broker import quiet_broker
from tests.partners.factories import make_client, make_partner, make_person
from tests.partners.webhooks.factories import make_endpoint, tell
from tests.partners.webhooks.receiver import Receiver, listening

__all__ = ["quiet_broker"]  # a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quiet_broker")]


@pytest.fixture(autouse=True)
def _see_all(transactional_db: None) -> None:
    """See everything, as the tests of a page's owner would."""
    scope.enter(scope.CLIENT)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Another system on this machine."""
    with listening() as found:
        yield found


@pytest.fixture
def endpoint(receiver: Receiver) -> Endpoint:
    """Where it hears of finished modules."""
    return make_endpoint(receiver.url)


def test_a_paused_endpoint_gets_nothing_until_it_is_on_again(
    receiver: Receiver, endpoint: Endpoint
):
    admin = make_person(make_client(), roles=["admin"])
    set_state(actor=admin, endpoint_id=endpoint.pk, state="paused")
    tell(make_client())
    assert send_waiting() == 0
    set_state(actor=admin, endpoint_id=endpoint.pk, state="active")
    assert send_waiting() == 1


def test_an_endpoint_that_fails_for_days_is_switched_off_and_admins_are_told(
    receiver: Receiver, endpoint: Endpoint
):
    admin = make_person(make_client(), roles=["admin"])
    make_person(make_partner(), roles=["admin"])
    receiver.answer(500)
    for _ in range(2):
        tell(make_client())
    Endpoint.objects.update(failing_since=timezone.now() - dt.timedelta(days=4), failures=9)
    send_waiting()
    endpoint.refresh_from_db()
    assert endpoint.state == "disabled"
    assert set(Sending.objects.values_list("state", flat=True)) == {"failed"}
    notice = Notice.objects.get()
    assert notice.person_id == admin.pk
    assert "CRM" in describe(notice)[1]
    assert send_waiting() == 0


def test_an_endpoint_that_says_it_is_gone_is_switched_off_at_once(
    receiver: Receiver, endpoint: Endpoint
):
    receiver.answer(410)
    tell(make_client())
    send_waiting()
    endpoint.refresh_from_db()
    assert endpoint.state == "disabled"


@pytest.mark.parametrize("state", ["active", "paused", "disabled"])
def test_a_test_goes_out_whatever_the_state_and_is_tried_once(
    receiver: Receiver, endpoint: Endpoint, state: str
):
    Endpoint.objects.update(state=state)
    admin = make_person(make_client(), roles=["admin"])
    receiver.answer(500, 200)
    for _ in range(2):
        send_test(actor=admin, endpoint_id=endpoint.pk)
        send_waiting()
    assert list(Sending.objects.order_by("id").values_list("state", flat=True)) == [
        "failed",
        "delivered",
    ]
    endpoint.refresh_from_db()
    assert (endpoint.state, endpoint.failures) == (state, 0)


def test_old_messages_are_forgotten_with_all_that_became_of_them(
    receiver: Receiver, endpoint: Endpoint, settings: Any
):
    settings.WEBHOOK_LOG_DAYS = 30
    tell(make_client())
    tell(make_client())
    send_waiting()
    oldest = Message.objects.order_by("id").first()
    Message.objects.filter(pk=oldest.pk).update(created_at=timezone.now() - dt.timedelta(days=31))
    assert forget_old() == 1
    assert (Message.objects.count(), Sending.objects.count(), Try.objects.count()) == (1, 1, 1)
