"""What can be sent to the doors of scenarios: the rep's, the author's, and an ace's."""

import json
from typing import Any

from courses.scenarios import writing
from tests.courses.scenarios.samples import price
from tests.isolation.samples.values import KEY, Sample, Values, a_file, form, nothing, told

TABLE = (
    "scene\tspeaker\ttext\tchoice\tgoes to\tpoints\tbest\twhy\n"
    "開始\t中村\t高いですね\t聞く\t終わり\t10\tyes\t理由\n"
)


def _acts(_: Values) -> dict[str, Any]:
    done = {"key": KEY, "scene": "open", "choice": "ask1", "ms": 900}
    return {"base": 0, "acts": [done], "offline": False}


def _file(_: Values) -> dict[str, Any]:
    content = json.dumps(writing.dump(price()), ensure_ascii=False).encode()
    return {"file": a_file("s.json", content, "application/json"), "base": "0", "replace": "on"}


SAMPLES: dict[str, Sample] = {
    "scenario_desk:ace": form(lambda _: {"why": "誇りだからです。", "thinking": "", "words": ""}),
    "scenario_desk:ace_upload": nothing(),
    "scenario_desk:ace_uploads": nothing(),
    "scenario_desk:aces": form(lambda _: {"about": "open", "name": "白石"}),
    "scenario_desk:bring": form(_file),
    "scenario_desk:edit": form(lambda _: {"act": "add_scene", "base": "0"}),
    "scenario_desk:of_module": nothing(),
    "scenario_desk:paste": form(lambda _: {"table": TABLE, "base": "0", "step": "look"}),
    "scenario_desk:publish": form(lambda _: {"base": "0", "note": "はじめて"}),
    "scenario_desk:restore_version": form(lambda _: {"base": "0"}),
    "scenario_desk:revoke_ace": nothing(),
    "scenario_desk:withdraw": form(lambda _: {"reason": "言い方がきつすぎます"}),
    "scenarios:api_acts": told(_acts),
    "scenarios:api_note": told(
        lambda _: {"kind": "explanation_opened", "about": "ask1", "key": KEY, "data": {}}
    ),
    "scenarios:back": form(lambda _: {"expected_seq": "1", "to": "0"}),
    "scenarios:choose": form(
        lambda _: {"expected_seq": "1", "scene": "open", "choice": "ask1", "key": KEY}
    ),
    "scenarios:give_up": nothing(),
    "scenarios:move": nothing(),
    "scenarios:pace": form(lambda _: {"pace": "slow"}),
    "scenarios:play": form(lambda _: {"pace": "normal"}),
}
