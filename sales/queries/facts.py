"""What counts, fact by fact: one select over both grains that panel, funnel and records share.

Only what its measure's source of record tells is there. Days and months are those of the client's time zone.
"""

import dataclasses
import datetime as dt
import uuid
from typing import Any

from partners.models import Person
from partners.queries.client import client, zone


@dataclasses.dataclass(frozen=True, kw_only=True)
class Part:
    """Which facts are asked for: of these days (`until` not included), places, products and person; None is all."""

    since: dt.date | None = None
    until: dt.date | None = None
    organisation_id: uuid.UUID | None = None
    team_id: uuid.UUID | None = None
    without_team: bool = False
    product_id: uuid.UUID | None = None
    person_id: uuid.UUID | None = None
    zone: dt.tzinfo = dataclasses.field(default_factory=lambda: zone(client()))

    def seen_by(self, viewer: Person) -> "Part":
        """Hold a partner's people to their own organisation; the client's people see all."""
        if viewer.of_client:
            return self
        return dataclasses.replace(self, organisation_id=viewer.organisation_id)

    def begin(self, day: dt.date) -> dt.datetime:
        """Return the moment at which a day begins where the client is."""
        return dt.datetime.combine(day, dt.time(), tzinfo=self.zone)

    def values(self) -> dict[str, Any]:
        """Return the values that the statements name."""
        return {
            "zone": str(self.zone),
            "since": self.since,
            "until": self.until,
            "since_at": self.since and self.begin(self.since),
            "until_at": self.until and self.begin(self.until),
            "organisation_id": self.organisation_id,
            "team_id": self.team_id,
            "product_id": self.product_id,
            "person_id": self.person_id,
        }

    def where(self, day: str, *, moment: bool) -> str:
        """Return conditions on a table `f` whose facts happened on this day, or at this moment."""
        end, kind = ("_at", "timestamptz") if moment else ("", "date")
        told = [
            f"{day} >= %(since{end})s::{kind}" if self.since else "",
            f"{day} < %(until{end})s::{kind}" if self.until else "",
            "f.team_id IS NULL" if self.without_team else "",
            *(
                f"f.{name} = %({name})s::uuid"
                for name in ("organisation_id", "team_id", "product_id", "person_id")
                if getattr(self, name) is not None
            ),
        ]
        return "".join(f" AND {each}" for each in told if each)


def recorded(measure: str, grain: str) -> str:
    """Return the joins that keep those facts of a table `f` whose source is the record where they happened."""
    return f"""
  JOIN sales_record r ON r.measure = {measure} AND r.grain = '{grain}'
  LEFT JOIN (SELECT measure AS of_measure, organisation_id AS place, source_id AS teller FROM sales_localrecord) l
         ON l.of_measure = r.measure AND l.place = f.organisation_id
 WHERE f.source_id = coalesce(l.teller, r.source_id)"""  # noqa: S608 - words of ours


_OF_STAGE = (
    "CASE f.stage WHEN 'appointment' THEN 'appointments' WHEN 'qualified' THEN 'qualified' END"
)
_OF_DEAL = (
    "ANY (ARRAY[f.outcome, CASE WHEN f.outcome = 'won' AND f.amount IS NOT NULL THEN 'amount' END])"
)
_WHOSE = "f.person_id, f.organisation_id, f.team_id, f.product_id"


def facts(part: Part) -> str:
    """Return the select of all facts that count: whose, product, day, measure, `n`, currency of an amount."""
    return f"""
SELECT {_WHOSE}, f.day, f.measure, f.count::bigint AS n, NULL AS currency
  FROM sales_activity f{recorded("f.measure", "activity")}{part.where("f.day", moment=False)}
UNION ALL
SELECT {_WHOSE}, (f.at AT TIME ZONE %(zone)s)::date, r.measure, 1, NULL
  FROM sales_stageentry f{recorded(_OF_STAGE, "opportunity")}{part.where("f.at", moment=True)}
UNION ALL
SELECT {_WHOSE}, (f.closed_at AT TIME ZONE %(zone)s)::date, r.measure,
       CASE r.measure WHEN 'amount' THEN f.amount ELSE 1 END,
       CASE r.measure WHEN 'amount' THEN f.currency END
  FROM sales_opportunity f{recorded(_OF_DEAL, "opportunity")}
   AND f.closed_at IS NOT NULL{part.where("f.closed_at", moment=True)}
"""  # noqa: S608 - words of ours
