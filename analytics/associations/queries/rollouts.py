"""Roll-outs and what they need to know of the past, as the client may see them."""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import cast

from django.db.models import Count, QuerySet

from analytics.associations.launch_rows import Figures, Start
from analytics.associations.models import Rollout, RolloutPlace, RolloutPower
from analytics.associations.queries import launches
from core.months import before
from partners.models import Organisation, Person

PAST = 24
"""So many whole months of the past are looked at."""

SELLERS = ("rep", "ace")


def past(asked: RolloutPower, until: dt.date) -> Figures:
    """Return the past of the companies that take part. One statement."""
    since, there = before(until, PAST), set(asked.partners)
    found = launches.lines(asked.sales, asked.currency, since, until)
    lines = [line for line in found if line.organisation_id in there]
    return Figures(asked.sales, asked.currency, since, until, [], lines)


def as_drawn(rollout: Rollout, since: dt.date) -> Figures:
    """Return the figures of a roll-out until its last wave, each company launched when it was drawn. Two statements."""
    places = {each.partner_id: each.wave for each in rollout.places.all()}
    power = rollout.power
    found = launches.lines(power.sales, power.currency, since, rollout.last)
    return Figures(
        sales=power.sales,
        currency=power.currency,
        since=since,
        until=rollout.last,
        starts=[Start(key, rollout.month(wave), None) for key, wave in sorted(places.items())],
        lines=[line for line in found if line.organisation_id in places],
    )


def strayed(rollout: Rollout) -> list[uuid.UUID]:
    """Return the companies where nobody was first asked in the month that was drawn. Two statements."""
    asked = {each.organisation_id: each.asked for each in launches.starts(rollout.course_id)}
    found = []
    for place in rollout.places.all():
        month, began = rollout.month(place.wave), asked.get(place.partner_id)
        last = place.wave == rollout.waves
        if (began is not None and began < month) if last else began != month:
            found.append(place.partner_id)
    return found


def sizes(partners: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Return how many people sell for each of these companies now. One query."""
    rows = Person.objects.filter(
        organisation_id__in=partners, is_active=True, roles__overlap=list(SELLERS)
    )
    counted = rows.order_by().values("organisation_id").annotate(n=Count("pk"))
    found = dict(counted.values_list("organisation_id", "n"))
    return {key: found.get(key, 0) for key in partners}


def offered(viewer: Person) -> "QuerySet[Organisation]":
    """Return the partners that can take part."""
    kind = Organisation.Kind.PARTNER
    rows = Organisation.objects.visible_to(viewer).filter(kind=kind, is_active=True)
    return rows.order_by("name")


def rollouts(viewer: Person) -> "QuerySet[Rollout]":
    """Return the plans, the newest first, withdrawn ones among them."""
    rows = Rollout.objects.filter(organisation_id=viewer.organisation_id)
    return rows.select_related("course", "drawn_by").order_by("-drawn_at", "-pk")


def rollout(viewer: Person, rollout_id: uuid.UUID) -> Rollout:
    """Return one plan. Raises Rollout.DoesNotExist. One query."""
    rows = Rollout.objects.filter(organisation_id=viewer.organisation_id)
    return rows.select_related("course", "drawn_by", "withdrawn_by", "power").get(pk=rollout_id)


def places(of: Rollout) -> list[RolloutPlace]:
    """Return who launches when. One query."""
    rows = of.places.select_related("partner")
    return list(rows.order_by("wave", "partner__name"))


def powers(viewer: Person) -> "QuerySet[RolloutPower]":
    """Return what was compared and not drawn yet, the newest first."""
    drawn = Rollout.objects.filter(organisation_id=viewer.organisation_id).values("power_id")
    rows = RolloutPower.objects.filter(organisation_id=viewer.organisation_id)
    rows = rows.exclude(state=RolloutPower.State.SAME).exclude(pk__in=drawn).defer("result")
    return rows.select_related("course", "requested_by").order_by("-created_at", "-pk")


def power(viewer: Person, power_id: uuid.UUID) -> RolloutPower:
    """Return one comparison; one that found another one's result is that one. Raises RolloutPower.DoesNotExist."""
    rows = RolloutPower.objects.filter(organisation_id=viewer.organisation_id)
    found = rows.select_related("course", "same_as__course").get(pk=power_id)
    return cast("RolloutPower | None", found.same_as) or found


def live(of: RolloutPower, month: dt.date) -> Rollout | None:
    """Return the plan of the same course whose last wave has not launched yet, if there is one. One query."""
    rows = Rollout.objects.filter(
        organisation_id=of.organisation_id, course_id=of.course_id, withdrawn_on__isnull=True
    )
    return next((each for each in rows if each.last >= month), None)


def drawn_from(asked: RolloutPower) -> Rollout | None:
    """Return the plan that was drawn from a comparison and holds, if there is one. One query."""
    return Rollout.objects.filter(power=asked, withdrawn_on__isnull=True).first()
