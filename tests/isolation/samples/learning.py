"""What can be sent to the doors of learning: quizzes, the bank, authoring, posts, assignments."""

from typing import Any

from tests.architecture.things import picture
from tests.isolation.samples.values import (
    KEY,
    Sample,
    Values,
    a_file,
    form,
    in_days,
    nothing,
    told,
)

CSV = "code,question,option_a,option_b,right\nQ-7,何を聞きますか,目的,値段,A\n"


def _wish(v: Values) -> dict[str, Any]:
    teams, people = v.many("team_id"), v.many("person_id")
    return {
        "module": v["module_id"],
        "step": "send",
        "to": [*(f"team:{each}" for each in teams), *(f"person:{each}" for each in people)],
        "necessity": "required",
        "due_on": in_days(30),
        "remind_days": "3",
        "opens": "",
        "message": "よろしくお願いします",
        "key": KEY,
    }


def _question(v: Values) -> dict[str, Any]:
    return {
        "kind": "single",
        "stem": "最初に何を聞きますか",
        "right": ["A"],
        "explanation": "",
        "weight": "1",
        "skills": "",
        "products": "",
        "language": "ja",
        "code": v.word("code", "Q-9"),
        "seen": "",
        "option_A": "目的",
        "option_B": "値段",
        "why_A": "",
        "why_B": "",
    }


def _reach(v: Values) -> dict[str, Any]:
    return {
        "course": v["course_id"],
        "audience": "chosen",
        "organisations": v.many("organisation_id"),
        "expires_on": "",
    }


def _told_targets(v: Values) -> list[dict[str, Any]]:
    kinds = ("organisation", "team", "person")
    return [{"kind": kind, "id": str(each)} for kind in kinds for each in v.many(f"{kind}_id")]


_WORD = {"reading": "みつもり", "meaning": "金額の案です。", "note": "", "language": "ja"}

SAMPLES: dict[str, Sample] = {
    "analytics:practise": nothing(),
    "analytics:practise_of": nothing(),
    "analytics:remind": nothing(),
    "analytics:remind_of": nothing(),
    "analytics:remind_person": nothing(),
    "api_attempt": told(
        lambda v: {"module": str(v["module_id"]), "answers": [], "submit": False, "retry": True}
    ),
    "api_heartbeats": told(
        lambda v: {
            "beats": [
                {
                    "module": str(v["module_id"]),
                    "session": str(v["session_id"]),
                    "seq": 1,
                    "kind": "reading",
                    "seconds": 10,
                }
            ]
        }
    ),
    "assignments:cancel": nothing(),
    "assignments:change_due": form(lambda _: {"due_on": in_days(40), "remind_days": "3"}),
    "assignments:new": form(_wish),
    "assignments:reach": form(_wish),
    "assignments:remind": form(lambda v: {"person": v["person_id"]}),
    "authoring:api_draft": told(
        lambda _: {"base": 0, "document": {"title": "題", "blocks": []}}, method="put"
    ),
    "authoring:api_pictures": form(
        lambda _: {"file": a_file("a.png", picture(), "image/png"), "alt": "写真"}
    ),
    "authoring:archive": form(lambda _: {"archived": "yes"}),
    "authoring:archive_course": form(lambda _: {"archived": "yes"}),
    "authoring:correct": form(lambda _: {"right": ["b"], "note": "取り違えていました"}),
    "authoring:edit_course": form(lambda _: {"title": "新しい題", "summary": ""}),
    "authoring:move_course": form(lambda _: {"way": "down"}),
    "authoring:move_module": form(lambda _: {"way": "down"}),
    "authoring:copy_course": form(lambda _: {}),
    "authoring:copy_module": form(lambda _: {}),
    "authoring:new_course": form(lambda _: {"title": "見積もりの基本", "summary": ""}),
    "authoring:new_module": form(
        lambda _: {"title": "見積もり", "template": "empty", "language": "ja"}
    ),
    "authoring:publish": form(lambda _: {"act": "now", "base": "0", "note": ""}),
    "authoring:reach": form(_reach),
    "authoring:restore": form(lambda _: {"base": "1"}),
    "catalog:add_word": form(lambda _: {"word": "見積", **_WORD}),
    "catalog:archive_word": form(lambda _: {"archived": "yes"}),
    "catalog:edit_word": form(lambda _: {"word": "見積書", **_WORD}),
    "catalog:terms": told(lambda _: {"word": "見積", **_WORD}),
    "posts:edit": form(
        lambda v: {"title": v.word("title", "ひとこと"), "text": "直したひとことです。", "base": ""}
    ),
    "posts:extend": form(lambda _: {"lasts": "7", "base": ""}),
    "posts:new": form(
        lambda v: {
            "text": "今朝のひとことです。",
            "title": v.word("title", "ひとこと"),
            "audience": "chosen",
            "organisations": v.many("organisation_id"),
            "lasts": "7",
            "key": KEY,
        }
    ),
    "posts:promote": form(lambda v: {"course": v["course_id"]}),
    "posts:take_back": form(lambda _: {"archived": "yes"}),
    "quizzes:api_bank": told(
        lambda v: {
            "code": v.word("code", "Q-9"),
            "kind": "single",
            "stem": "最初に何を聞きますか",
            "options": [{"text": "目的", "correct": True}, {"text": "値段", "correct": False}],
            "language": "ja",
        }
    ),
    "quizzes:bank_add": form(_question),
    "quizzes:bank_archive": form(lambda _: {"archived": "yes"}),
    "quizzes:bank_file": form(lambda _: {"encoding": "utf-8"}),
    "quizzes:bank_import": form(lambda _: {"file": a_file("q.csv", CSV.encode(), "text/csv")}),
    "quizzes:bank_item": form(_question),
    "quizzes:quiz": form(
        lambda v: {"attempt": str(v["new_attempt_id"]), "item-q001": ["a"], "anyway": "1"}
    ),
    "v1:assignments": told(
        lambda v: {
            "key": KEY,
            "module": str(v["module_id"]),
            "targets": _told_targets(v),
            "due_on": in_days(30),
        }
    ),
}
