"""What can be sent to the doors of sales: the day by hand, files of figures, set-up, and what is asked of them."""

from typing import Any

from tests.isolation.samples.values import Sample, Values, a_file, form, in_days, nothing, told

DEALS = "商談ID,担当者,製品,開始日,結果\nX-1,{},CHECK,2026-11-02,won\n"


def _day(v: Values) -> dict[str, Any]:
    deal = v.word("phone_deal", "phone-own-0001")
    return {
        f"c.{v['product_id']}.calls": "5",
        f"d.{deal}.outcome": "open",
        f"d.{deal}.product": str(v["product_id"]),
    }


def _columns(_: Values) -> dict[str, Any]:
    return {"c0": "external_id", "currency": "JPY", "product": ""}


SAMPLES: dict[str, Sample] = {
    "associations:ask": form(
        lambda v: {
            "learning": "finished",
            "sales": "appointments",
            "months": "3",
            "lag": "0",
            "product": "",
            "course": "",
            "organisation": v["organisation_id"],
            "team": v["team_id"],
        }
    ),
    "associations:ask_course": nothing(),
    "associations:draw": form(lambda _: {"waves": "2"}),
    "associations:look": nothing(),
    "associations:rollouts": form(
        lambda v: {
            "course": v["course_id"],
            "sales": "appointments",
            "first": in_days(62)[:7],
            "gap": "1",
            "partners": [v["organisation_id"]],
        }
    ),
    "associations:withdraw": nothing(),
    "associations:launches": form(
        lambda v: {"course": v["course_id"], "sales": "appointments", "months": "12"}
    ),
    "associations:grid": form(lambda _: {"months": "3", "lag": "0"}),
    "associations:open_cell": nothing(),
    "imports:cancel": nothing(),
    "imports:check": nothing(),
    "imports:columns": form(_columns),
    "imports:forget": nothing(),
    "imports:letters": form(lambda _: {"encoding": "utf-8"}),
    "imports:names": form(lambda v: {f"n{v['name_id']}": str(v["person_id"])}),
    "imports:new": form(
        lambda v: {
            "source": "",
            "new_source": "新CRM",
            "grain": "opportunity",
            "file": a_file("deals.csv", DEALS.format(v.known("email")).encode(), "text/csv"),
        }
    ),
    "imports:person": form(lambda v: {"person": v["person_id"]}),
    "imports:recolumn": nothing(),
    "imports:start": nothing(),
    "imports:undo": nothing(),
    "sales:add_product": form(lambda _: {"name": "新製品", "code": "NEW"}),
    "sales:add_source": form(lambda _: {"name": "新しいCRM"}),
    "sales:archive_product": form(lambda _: {"archived": "yes"}),
    "sales:archive_source": form(lambda _: {"archived": "yes"}),
    "sales:count_source": form(lambda v: {"what": "calls.activity", "place": v["organisation_id"]}),
    "sales:counted": form(
        lambda v: {"to": f"{v['source_id']}.activity", "place": v["organisation_id"]}
    ),
    "sales:day": form(_day),
    "sales:product": form(lambda _: {"name": "改めた製品", "code": "CHECK2"}),
    "sales:source": form(lambda _: {"name": "改めたCRM"}),
    "sales:take_day": told(lambda v: {"day": in_days(0), "given": _day(v)}),
    "v1:tell_activities": told(
        lambda v: {
            "source": str(v["crm_id"]),
            "rows": [
                {
                    "person": v.known("email"),
                    "product": "CHECK",
                    "day": in_days(-1),
                    "measure": "leads",
                    "count": 3,
                }
            ],
        }
    ),
    "v1:tell_opportunities": told(
        lambda v: {
            "source": str(v["crm_id"]),
            "rows": [
                {
                    "external_id": v.word("deal", "D-new"),
                    "product": "CHECK",
                    "opened_at": f"{in_days(-9)}T09:00:00+09:00",
                    "owner": v.known("seller"),
                }
            ],
        }
    ),
}
