"""What can be sent to the doors of the ground floor and of the one above: people, media, programs, webhooks."""

from typing import Any

from tests.architecture.things import picture
from tests.isolation.samples.values import KEY, Sample, Values, a_file, form, nothing, told

VTT = "WEBVTT\n\n00:00.000 --> 00:01.000\nこんにちは\n"


def _details(v: Values) -> dict[str, Any]:
    return {
        "family_name": v.word("name", "新田"),
        "given_name": "さくら",
        "family_reading": "にった",
        "given_reading": "さくら",
        "email": v.word("email", "nitta@example.com"),
        "login_name": "",
        "language": "ja",
        "territory": "関東",
        "joined_on": "2026-04-01",
    }


def _where(v: Values) -> dict[str, Any]:
    return {"organisation": v["organisation_id"]}


def _chosen(v: Values) -> dict[str, Any]:
    return {"who": [str(v["person_id"])], "next": "/people/"}


_TABLE = "姓\t名\tメール\n山本\t一\t{}\n"

SAMPLES: dict[str, Sample] = {
    "account_change_password": form(
        lambda _: {"oldpassword": "wrong", "password1": "tsuki-no-usagi-7"}
    ),
    "account_link": nothing(),
    "account_login": form(
        lambda v: {"login": v.word("email", "nobody@example.com"), "password": "not the right one"}
    ),
    "account_logout": nothing(),
    "account_mail_link": form(lambda v: {"login": v.word("email", "nobody@example.com")}),
    "account_reset_password": form(lambda v: {"email": v.word("email", "nobody@example.com")}),
    "account_reset_password_from_key": form(lambda _: {"password1": "tsuki-no-usagi-7"}),
    "account_set_password": form(lambda _: {"password1": "tsuki-no-usagi-7"}),
    "apitokens:new": form(
        lambda v: {
            "name": v.word("token", "夜間連携"),
            "scopes": ["people:read"],
            "days": "90",
            "key": KEY,
        }
    ),
    "apitokens:revoke": nothing(),
    "core:cancel_upload": nothing(),
    "core:edit_captions": form(
        lambda _: {
            "begins": ["00:00.000"],
            "ends": ["00:01.000"],
            "text": ["はい"],
            "settings": [""],
            "base": "",
        }
    ),
    "core:library": form(
        lambda _: {"title": "商談", "file": a_file("a.mp4", b"none", "video/mp4")}
    ),
    "core:remove_captions": nothing(),
    "core:retry_all": nothing(),
    "core:retry_delivery": nothing(),
    "core:retry_mail": nothing(),
    "core:retry_video": nothing(),
    "core:save_captions": told(
        lambda _: {
            "rows": [{"begins": "00:00.000", "ends": "00:01.000", "text": "はい", "settings": ""}],
            "base": "",
        },
        method="put",
    ),
    "core:set_language": form(lambda _: {"language": "en", "next": "/"}),
    "core:uploads": Sample(
        lambda _: {},
        headers={
            "Tus-Resumable": "1.0.0",
            "Upload-Length": "1000",
            "Upload-Metadata": "name YS5tcDQ=",
        },
    ),
    "core:upload": Sample(lambda _: {}, method="delete", headers={"Tus-Resumable": "1.0.0"}),
    "core:video": form(
        lambda _: {"language": "ja", "file": a_file("a.vtt", VTT.encode(), "text/vtt")}
    ),
    "partners:add_partner": form(
        lambda v: {"name": v.word("organisation", "新会社"), "area": "東京"}
    ),
    "partners:add_person": form(
        lambda v: {**_details(v), "team": v["team_id"], "roles": ["rep"]}, query=_where
    ),
    "partners:add_team": form(lambda v: {"name": v.word("team", "第9チーム")}),
    "partners:change_roles": form(lambda _: {"roles": ["rep", "manager"]}),
    "partners:chosen": form(_chosen),
    "partners:edit_organisation": form(
        lambda v: {"name": v.word("organisation", "新しい社名"), "area": "大阪"}
    ),
    "partners:edit_person": form(_details),
    "partners:edit_team": form(lambda v: {"name": v.word("team", "第8チーム")}),
    "partners:invitation": form(lambda _: {"language": "ja", "how": "link"}),
    "partners:invite": form(lambda _: {"by": "mail"}),
    "partners:invite_all": form(lambda _: {"by": "mail"}),
    "partners:invite_several": form(lambda v: {**_chosen(v), "by": "mail"}),
    "partners:leave_several": form(lambda v: {**_chosen(v), "step": "do"}),
    "partners:move_several": form(
        lambda v: {**_chosen(v), "step": "do", "team": v["team_id"], "on": "2026-11-01"}
    ),
    "partners:move_person": form(
        lambda v: {"team": v["team_id"], "on": "2026-11-01", "roles": ["rep"]}, query=_where
    ),
    "partners:organisation_active": form(lambda _: {"active": "no"}),
    "partners:paste_people": form(
        lambda v: {"text": _TABLE.format(v.word("email", "yama@example.com")), "step": "enter"}
    ),
    "partners:person_active": form(lambda _: {"active": "no"}),
    "partners:profile": form(
        lambda v: {
            "family_name": v.word("name", "改名"),
            "given_name": "次郎",
            "family_reading": "かいめい",
            "given_reading": "じろう",
            "language": "ja",
        }
    ),
    "partners:profile_look": form(lambda _: {"theme": "dark"}),
    "partners:profile_picture": form(
        lambda _: {"picture": a_file("face.png", picture(), "image/png")}
    ),
    "partners:revoke": nothing(),
    "partners:setup": form(lambda _: {"token": "no-such-token", "unlock": "1"}),
    "partners:team_active": form(lambda _: {"active": "no"}),
    "webhooks:edit": form(
        lambda v: {
            "name": v.word("endpoint", "倉庫"),
            "url": "https://hooks.example.com/other",
            "kinds": ["module.finished"],
        }
    ),
    "webhooks:new": form(
        lambda v: {
            "name": v.word("endpoint", "倉庫"),
            "url": "https://hooks.example.com/in",
            "kinds": ["module.finished"],
        }
    ),
    "webhooks:redeliver": nothing(),
    "webhooks:redeliver_failed": form(lambda _: {"since": "2026-11-01T00:00"}),
    "webhooks:secret": nothing(),
    "webhooks:switch": form(lambda _: {"state": "paused"}),
    "webhooks:test": nothing(),
}
