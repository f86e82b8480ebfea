"""The phone's small machine and the server's fold play every scenario alike."""

import json
import random
from typing import Any

import pytest
from playwright.sync_api import Page

from courses.scenarios import acts, fold, shown
from courses.scenarios.views.play_offline import known
from tests.courses.scenarios.samples import publishable

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_REPLAY = """async (plays) => {
  const machine = await import("/static/scenarios/machine.js");
  return JSON.stringify(plays.map(({ pack, attempt, choices }) => {
    const open = machine.open(pack);
    const states = [machine.begin(open, attempt)];
    const offered = [machine.available(open, states[0]).map(({ key }) => key)];
    for (const choice of choices) {
      const last = states.at(-1);
      states.push(choice ? machine.choose(open, last, choice) : machine.timeOut(open, last));
      offered.push(machine.available(open, states.at(-1)).map(({ key }) => key));
    }
    return { states, offered };
  }));
}"""


def _random_play(seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a random play as the browser is asked for it, and what the server's fold makes of it."""
    chance = random.Random(seed)
    document = publishable(seed, scenes=chance.randint(3, 14))
    attempt = chance.randint(1, 4)
    state = acts.begin(document, attempt=attempt, at=0).state
    states, offered = [known(state)], list[list[str]]()
    made: list[str] = []
    while True:
        open_now = [each.key for each in fold.available(document, state)]
        offered.append(open_now)
        if state.status != "running" or len(made) == 60:
            break
        limit = document.by_key[state.scene].limit
        choice = "" if limit and chance.random() < 0.3 else chance.choice(open_now)
        fields: dict[str, Any] = {"scene": state.scene, "at": 0, "ms": 1}
        step = (
            acts.choose(document, state, choice=choice, **fields)
            if choice
            else acts.time_out(document, state, **fields)
        )
        state = step.state
        made.append(choice)
        states.append(known(state))
    asked = {"pack": shown.package(document), "attempt": attempt, "choices": made}
    return asked, {"states": states, "offered": offered}


def test_the_phone_plays_as_the_server_does(page: Page) -> None:
    plays = [_random_play(seed) for seed in range(300)]
    page.goto("/accounts/login/")
    found = json.loads(page.evaluate(_REPLAY, [asked for asked, _ in plays]))
    for seed, (_, expected) in enumerate(plays):
        assert found[seed] == expected, seed
    assert sum(len(expected["states"]) for _, expected in plays) > 1000
