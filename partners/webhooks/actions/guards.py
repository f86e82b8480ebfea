"""Who may do what with endpoints."""

import uuid

from partners.actions.guards import admin_only
from partners.models import Person
from partners.webhooks.models import Endpoint


def for_managing(actor: Person, endpoint_id: uuid.UUID) -> Endpoint:
    """Return an endpoint, locked, for one of the client's admins. Raises Endpoint.DoesNotExist, PermissionDenied."""
    admin_only(actor)
    rows = Endpoint.objects.visible_to(actor).select_for_update(no_key=True)
    return rows.get(pk=endpoint_id)
