"""The installation's client: its name, time zone and the day it is there."""

import datetime as dt
import zoneinfo

from django.utils import timezone

from core.kept import Kept
from partners.models import Client


def client() -> Client | None:
    """Return the client, or None before set-up. One query."""
    return Client.objects.first()


def client_name() -> str:
    """Return the client's name, empty before set-up. One query."""
    return Client.objects.values_list("name", flat=True).first() or ""


def zone(of: Client | None) -> dt.tzinfo:
    """Return the client's time zone; the installation's where it is not (or no longer) known."""
    return zone_named(of.time_zone if of else None)


def zone_named(name: str | None) -> dt.tzinfo:
    """Return the time zone of this name; the installation's where there is none, or it is not (or no longer) known."""
    try:
        return zoneinfo.ZoneInfo(name) if name else timezone.get_default_timezone()
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return timezone.get_default_timezone()


def here() -> dt.tzinfo:
    """Return the time zone in which this installation's days and months are counted and its times are shown.

    The client's, which is chosen at set-up; until then the installation's. Asked for once a minute.
    """
    return zone_named(own_zone.get())


own_zone = Kept(lambda: Client.objects.values_list("time_zone", flat=True).first(), seconds=60)
"""The name of the client's time zone; None before set-up, which has it forgotten."""


def today() -> dt.date:
    """Return the day it is now where the client is. One query."""
    return timezone.localdate(timezone=zone(client()))
