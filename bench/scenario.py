"""How long the rules of scenarios take, in time of one processor: `python -m bench.scenario`. No database.

Validating 500 scenes (≤ 5 ms) and 50,000 (≤ 1 s), the map of 300 (≤ 50 ms), 10,000 random plays; and that all 10,000
plays, begun anew in what may be published, come to an end.
"""

import random
import sys
import time
from collections.abc import Callable

from django.conf import settings

from courses.authoring.scenarios import mapping
from courses.scenarios import layout, states
from courses.scenarios.conditions import Var
from courses.scenarios.document import Choice, Document, Effect, Explanation, Route, Scene, Variable
from courses.scenarios.validator import Report, validate

BOUNDS = {
    "500 scenes validated": 5.0,
    "50,000 scenes validated": 1_000.0,
    "map of 300 scenes": 50.0,
    "map of 300 scenes drawn": 50.0,
}


def document(count: int, seed: int = 1) -> Document:
    """Return a scenario of so many scenes with three choices each, some with effects and routes."""
    chance = random.Random(seed)
    names = [f"s{n:05}" for n in range(count)]
    scenes = [
        Scene(
            names[n],
            text="高いですね。",
            choices=tuple(_choice(chance, n, c, names) for c in range(3)),
        )
        for n in range(count - 3)
    ]
    outcomes = ("success", "partial", "fail")
    scenes += [
        Scene(name, kind="ending", message="終わり", outcome=outcome)
        for name, outcome in zip(names[-3:], outcomes, strict=True)
    ]
    return Document(
        title="測る",
        start=names[0],
        variables=(Variable("trust", "信頼"),),
        scenes=tuple(scenes),
        explanations={name: Explanation(why="…") for name in names},
    )


def _choice(chance: random.Random, n: int, c: int, names: list[str]) -> Choice:
    last = len(names) - 1
    return Choice(
        f"c{n:05}{c}",
        "何と比べてですか。",
        quality=("best", "ok", "poor")[c],
        points=10 - 5 * c,
        effects=(Effect("trust", "add", 1),) if chance.random() < 0.1 else (),
        routes=(Route(Var("trust", ">=", 2), names[min(n + 2, last)]),)
        if chance.random() < 0.1
        else (),
        to=names[min(n + 1 + chance.randrange(6), last)],
    )


def _best(job: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        began = time.process_time()
        job()
        taken.append(time.process_time() - began)
    return min(taken) * 1000


def _drawn(shown: Document, report: Report) -> object:
    return mapping.draw(shown, report, link=lambda key: f"/authoring/scenarios/?scene={key}")


def main() -> int:
    settings.configure(USE_I18N=False)
    small, large, map_of = document(500), document(50_000), document(300)
    report = validate(map_of)
    found = {
        "500 scenes validated": _best(lambda: validate(small), 20),
        "50,000 scenes validated": _best(lambda: validate(large), 3),
        "map of 300 scenes": _best(lambda: layout.layout(map_of), 20),
        "map of 300 scenes drawn": _best(lambda: _drawn(map_of, report), 20),
    }
    for name, taken in found.items():
        print(f"{name}: {taken:.1f} ms, at most {BOUNDS[name]:.0f} ms")
    began = time.process_time()
    sample = states.sample(document(60), plays=10_000)
    print(f"10,000 plays: {time.process_time() - began:.2f} s, {sample.unended} came to no end")
    return int(any(taken > BOUNDS[name] for name, taken in found.items()) or sample.unended > 0)


if __name__ == "__main__":
    sys.exit(main())
