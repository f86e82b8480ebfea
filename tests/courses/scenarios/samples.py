"""Scenarios for tests: one that is worth playing, random ones that may be published, and random graphs that may not."""

import dataclasses
import random
import uuid

from courses.scenarios.conditions import AnyOf, Attempt, Not, Var, Visited, Visits
from courses.scenarios.document import (
    Choice,
    Document,
    Effect,
    Explanation,
    Limit,
    Route,
    Scene,
    Settings,
    Variable,
)


def price(**settings: object) -> Document:
    """Return a price objection: a loop back from a weak answer, a way that asks for trust, three endings."""
    scenes = (
        Scene(
            "open",
            text="高いですね。",
            speaker="佐藤部長",
            choices=(
                Choice("ask1", "何と比べて?", quality="best", points=10, to="deal",
                       effects=(Effect("trust", "add", 2),), skills=("ears",)),
                Choice("cut1", "5%引きます。", quality="poor", points=-5, to="weak", reaction="もっと引ける?"),
                Choice("wait", "そうですか。", points=2, to="deal"),
            ),
        ),
        Scene("weak", text="どうでした?", choices=(Choice("back", "もう一度。", quality="best", to="open"),
                                               Choice("quit", "引き下がる。", quality="poor", to="lost"))),
        Scene(
            "deal",
            text="では?",
            limit=Limit(30, "some"),
            choices=(
                Choice("sign", "契約書です。", quality="best", points=10, to="some",
                       routes=(Route(Var("trust", ">=", 2), "won1"),)),
                Choice("flee", "出直します。", quality="poor", to="lost"),
            ),
        ),
        Scene("won1", kind="ending", outcome="success", message="成約"),
        Scene("some", kind="ending", outcome="partial", message="保留"),
        Scene("lost", kind="ending", outcome="fail", message="失注"),
    )  # fmt: skip
    return Document(
        title="値引きの要求",
        start="open",
        settings=Settings(**settings),
        variables=(Variable("trust", "信頼", high=5), Variable("ears", "聞く力", is_skill=True)),
        scenes=scenes,
        explanations={"ask1": Explanation(name="田中", why="比べる相手が分かる。"),
                      "sign": Explanation(name="田中", why="決める人だから。"),
                      "weak": Explanation(why="値引きは、次の値引きを呼ぶ。")},
    )  # fmt: skip


def two_best(**settings: object) -> Document:
    """Return the price objection with two first answers that are as good as each other."""
    document = price(**settings)
    scenes = [
        dataclasses.replace(scene, choices=tuple(_as_good(each) for each in scene.choices))
        for scene in document.scenes
    ]
    return dataclasses.replace(document, scenes=tuple(scenes))


def _as_good(choice: Choice) -> Choice:
    return dataclasses.replace(choice, quality="best") if choice.key == "wait" else choice


def publishable(seed: int, scenes: int = 8) -> Document:
    """Return a random scenario without errors: loops, conditions, effects, limits; each scene has a plain way on."""
    chance = random.Random(seed)
    names = [f"sc{n:02}" for n in range(scenes)]
    ends = ["won1", "some", "lost"]
    made = [
        Scene(
            name,
            text=f"場面{n}",
            limit=Limit(20, chance.choice(names[n + 1 :] + ends))
            if chance.random() < 0.2
            else None,
            choices=tuple(
                _choice(chance, f"c{n:02}{c}", names, ends, n, is_plain=c == 0)
                for c in range(chance.randint(1, 4))
            ),
        )
        for n, name in enumerate(names)
    ]
    outcomes = dict(zip(ends, ("success", "partial", "fail"), strict=True))
    made += [
        Scene(key, kind="ending", outcome=outcome, message=outcome)
        for key, outcome in outcomes.items()
    ]
    return Document(
        title=f"シナリオ{seed}",
        start=names[0],
        settings=Settings(points=chance.choice(["first", "last", "best"]), back="rewind"),
        variables=(
            Variable("trust", "信頼", high=3),
            Variable("mood", "気分", "enum", "calm", words=("calm", "cross")),
            Variable("told", "伝えた", "bool", False, is_skill=True),
        ),
        scenes=tuple(made),
    )


def _choice(
    chance: random.Random, key: str, names: list[str], ends: list[str], n: int, *, is_plain: bool
) -> Choice:
    """Return a random choice; the plain one leads on and asks nothing, so that every run may end."""
    on = chance.choice(names[n + 1 : n + 3] + ends[:1] if n + 1 < len(names) else ends)
    if is_plain:
        return Choice(key, "はい。", quality="best", points=chance.randint(0, 10), to=on)
    return Choice(
        key,
        "いいえ。",
        quality=chance.choice(["ok", "poor"]),
        condition=_condition(chance, names) if chance.random() < 0.3 else None,
        effects=(_effect(chance),) if chance.random() < 0.5 else (),
        points=chance.randint(-5, 10),
        skills=("told",) if chance.random() < 0.3 else (),
        routes=(Route(_condition(chance, names), chance.choice(names + ends)),)
        if chance.random() < 0.3
        else (),
        to=chance.choice(names + ends),
    )  # fmt: skip


def _condition(chance: random.Random, names: list[str]) -> object:
    return chance.choice(
        [
            Var("trust", chance.choice([">=", "<", "="]), chance.randint(0, 3)),
            Not(Var("mood", "=", "cross")),
            AnyOf((Var("told", "=", True), Visited(chance.choice(names)))),
            Visits(chance.choice(names), "<=", 2),
            Attempt("<", 3),
        ]
    )


def _effect(chance: random.Random) -> Effect:
    return chance.choice(
        [
            Effect("trust", "add", chance.randint(-2, 2)),
            Effect("trust", "set", 9),
            Effect("mood", "set", chance.choice(["calm", "cross"])),
            Effect("told", "set", True),
        ]
    )


def graph(seed: int) -> Document:
    """Return a small random graph with all that can be wrong with one."""
    chance = random.Random(seed)
    count = chance.randint(1, 7)
    names = [f"sc{n:02}" for n in range(count)]
    targets = [*names, *names, None, "gone"]
    made = []
    for n, name in enumerate(names):
        is_ending = chance.random() < 0.25
        choices = () if is_ending and chance.random() < 0.9 else tuple(
            Choice(f"c{n:02}{c}", "はい。", quality="best",
                   routes=(Route(Attempt(">", 1), chance.choice(targets)),) if chance.random() < 0.2 else (),
                   to=chance.choice(targets))
            for c in range(chance.randint(0, 3))
        )  # fmt: skip
        made.append(Scene(name, kind="ending" if is_ending else "scene", text="…", message="…",
                          parked=chance.random() < 0.1, choices=choices,
                          limit=Limit(9, chance.choice(targets)) if chance.random() < 0.1 else None))  # fmt: skip
    if chance.random() < 0.05 and count > 1:
        made[1] = made[0]
    start = chance.choice([names[0], names[0], names[0], None, "gone"])
    return Document(title="図", start=start, scenes=tuple(made))


def key() -> uuid.UUID:
    """Return a key as a phone makes it."""
    return uuid.uuid4()
