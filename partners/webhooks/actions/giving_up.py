"""Switching off an endpoint that has failed for days, and telling the client's admins."""

import structlog
from django.urls import reverse
from django.utils import timezone

from core.models import Notice
from core.notices import actions as notices
from partners.models import Organisation, Person
from partners.webhooks.models import Endpoint, Sending
from partners.webhooks.notices import DISABLED

log = structlog.get_logger(__name__)


def give_up(endpoint: Endpoint) -> None:
    """Switch a locked endpoint off: what waits for it has failed, and can be sent again later."""
    now = timezone.now()
    endpoint.state = Endpoint.State.DISABLED
    endpoint.save(update_fields=["state"])
    waiting = Sending.objects.filter(endpoint=endpoint, state=Sending.State.WAITING)
    waiting.update(state=Sending.State.FAILED, settled_at=now)
    log.error("webhook_endpoint_disabled", endpoint=str(endpoint.pk))
    admins = Person.objects.active().filter(
        organisation__kind=Organisation.Kind.CLIENT, roles__contains=["admin"]
    )
    notices.notify_many(
        [
            Notice(
                key=f"{DISABLED}:{endpoint.pk}:{now.isoformat()}:{person.pk}",
                person_id=person.pk,
                organisation_id=person.organisation_id,
                kind=DISABLED,
                url=reverse("webhooks:endpoint", args=[endpoint.pk]),
                data={"name": endpoint.name},
            )
            for person in admins
        ]
    )
