"""From a table to a scenario: scene | speaker | text | choice | goes to | points | best | reaction | why. No database.

A row is one choice. A scene's name, speaker and text stand in its first row; further rows leave them empty, or repeat
them. A row without a choice is an ending. The first scene is the start. Nothing is made where something is wrong.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.tables import headers
from core.tables.rows import Row
from courses.scenarios.document import (
    MAX_CHOICES,
    MAX_SCENES,
    Choice,
    Document,
    Explanation,
    Scene,
)
from courses.scenarios.keys import new_key
from courses.scenarios.reading import MAX_POINTS, TEXTS

COLUMNS: Mapping[str, Sequence[str]] = {
    "scene": ("scene", "場面", "シーン"),
    "speaker": ("speaker", "who speaks", "話す人", "話し手", "話者", "発言者"),
    "text": ("text", "line", "せりふ", "セリフ", "台詞", "本文", "文章"),
    "choice": ("choice", "choices", "選択肢", "選択"),
    "to": ("goes to", "to", "進む先", "行き先", "次の場面", "次"),
    "points": ("points", "点", "点数", "得点"),
    "best": ("best", "how good it is", "よさ", "良さ", "評価", "最善", "ベスト"),
    "reaction": ("reaction", "what the customer does then", "お客様の反応", "反応"),
    "why": ("why", "理由", "解説", "なぜ"),
    "outcome": ("outcome", "結果"),
}
"""The names that each column may have: the words of the desk's form, and what tables call it besides."""

REQUIRED = ("scene", "text")

_BEST = {
    **dict.fromkeys(
        ("best", "the best", "○", "〇", "◯", "◎", "1", "yes", "はい", "最善", "ベスト"), "best"
    ),
    **dict.fromkeys(("ok", "passable", "△", "可", "まずまず", "まあまあ"), "ok"),
    **dict.fromkeys(("poor", "better avoided", "x", "×", "✕", "不可", "避けたい", "悪い"), "poor"),
    "": "",
}
_OUTCOME = {
    **dict.fromkeys(("success", "成功", "成約", "受注"), "success"),
    **dict.fromkeys(("partial", "partial success", "一部", "一部成功", "継続"), "partial"),
    **dict.fromkeys(("fail", "failure", "失敗", "失注"), "fail"),
    **dict.fromkeys(("neutral", "neither", "どちらでもない", "中立", ""), "neutral"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a table can't become a scenario: the row of the table, the column, a code, and what its words need."""

    row: int
    column: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pasted:
    """What became of a table: a scenario, or what is wrong with it; never both."""

    document: Document | None
    problems: tuple[Problem, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(slots=True)
class _Draft:
    """A scene while its rows are read."""

    row: int
    key: str
    name: str
    speaker: str
    text: str
    outcome: str
    why: str = ""
    choices: list[Choice] = field(default_factory=list)


def read(
    rows: Sequence[Row],
    *,
    title: str = "",
    language: str = "ja",
    make_key: Callable[[set[str]], str] = new_key,
) -> Pasted:
    """Make a scenario of a table's rows, of which the first names the columns.

    Raises `core.tables.errors.TableError` where a column is missing or stands twice.
    """
    header = headers.match(rows[0], COLUMNS, REQUIRED)
    reader = _Reader(make_key)
    for row in rows[1:]:
        reader.take(row.number, header.cells(row))
    reader.link()
    if reader.problems:
        return Pasted(None, tuple(sorted(reader.problems, key=lambda p: p.row)), header.unknown)
    scenes = tuple(reader.scene(draft) for draft in reader.drafts.values())
    document = Document(
        title=title,
        language=language,
        start=scenes[0].key if scenes else None,
        scenes=scenes,
        explanations=reader.explanations,
    )
    return Pasted(document, (), header.unknown)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


class _Reader:
    """Reads row by row, and remembers where each thing stood."""

    def __init__(self, make_key: Callable[[set[str]], str]) -> None:
        self.drafts: dict[str, _Draft] = {}
        self.problems: list[Problem] = []
        self.explanations: dict[str, Explanation] = {}
        self._wanted: list[tuple[int, _Draft, int, str]] = []
        self._last: _Draft | None = None
        self._taken: set[str] = set()
        self._make_key = make_key
        self._is_full = False

    def take(self, number: int, cells: Mapping[str, str]) -> None:
        """Read one row."""
        said = {name: text.strip() for name, text in cells.items()}
        draft = self._draft(number, said)
        if draft is None:
            return
        self._last = draft
        if said.get("choice"):
            self._choice(number, draft, said)
        else:
            for name in ("to", "points", "best", "reaction"):
                if said.get(name):
                    self._wrong(number, name, "without_choice")
            draft.why = draft.why or self._text(number, "why", said)

    def _draft(self, number: int, said: Mapping[str, str]) -> _Draft | None:
        name = _folded(said.get("scene", ""))
        if not name:
            if self._last is None:
                self._wrong(number, "scene", "no_scene_yet")
            return self._last
        known = self.drafts.get(name)
        if known is None:
            return self._new(number, name, said)
        if known is not self._last or (said.get("text") and said["text"] != known.text):
            params = {"name": known.name, "first": known.row}
            self._wrong(number, "scene", "scene_twice", params)
            return None
        return known

    def _new(self, number: int, name: str, said: Mapping[str, str]) -> _Draft | None:
        if len(self.drafts) >= MAX_SCENES:
            if not self._is_full:
                self._wrong(number, "scene", "too_many_scenes", {"most": MAX_SCENES})
            self._is_full = True
            return None
        if not said.get("text"):
            self._wrong(number, "text", "no_text")
        outcome = _OUTCOME.get(_folded(said.get("outcome", "")))
        if outcome is None:
            self._wrong(number, "outcome", "unknown_outcome", {"said": said["outcome"][:40]})
        draft = _Draft(
            row=number,
            key=self._key(),
            name=self._text(number, "scene", said, "title"),
            speaker=self._text(number, "speaker", said),
            text=self._text(number, "text", said),
            outcome=outcome or "neutral",
        )
        self.drafts[name] = draft
        return draft

    def _choice(self, number: int, draft: _Draft, said: Mapping[str, str]) -> None:
        if len(draft.choices) >= MAX_CHOICES:
            self._wrong(number, "choice", "too_many_choices", {"most": MAX_CHOICES})
            return
        best = _BEST.get(_folded(said.get("best", "")))
        if best is None:
            self._wrong(number, "best", "unknown_quality", {"said": said["best"][:40]})
        if not said.get("to"):
            self._wrong(number, "to", "no_target")
        choice = Choice(
            key=self._key(),
            text=self._text(number, "choice", said),
            reaction=self._text(number, "reaction", said),
            quality=best or "ok",
            points=self._points(number, said.get("points", "")),
        )
        why = self._text(number, "why", said)
        if why:
            self.explanations[choice.key] = Explanation(why=why)
        self._wanted.append((number, draft, len(draft.choices), said.get("to", "")))
        draft.choices.append(choice)

    def _points(self, number: int, said: str) -> int:
        text = unicodedata.normalize("NFKC", said).replace("−", "-").strip()
        if not text:
            return 0
        sign, digits = (-1, text[1:]) if text[0] == "-" else (1, text.removeprefix("+"))
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 4):
            self._wrong(number, "points", "bad_points", {"said": said[:40], "most": MAX_POINTS})
            return 0
        points = sign * int(digits)
        if abs(points) > MAX_POINTS:
            self._wrong(number, "points", "bad_points", {"said": said[:40], "most": MAX_POINTS})
        return points

    def link(self) -> None:
        """Bring choices to the scenes that they name, now that all are known."""
        if not self.drafts and not self.problems:
            self._wrong(1, "scene", "no_rows")
        for number, draft, place, name in self._wanted:
            target = self.drafts.get(_folded(name)) if name else None
            if target is not None:
                draft.choices[place] = replace(draft.choices[place], to=target.key)
            elif name and not self._is_full:
                self._wrong(number, "to", "unknown_target", {"name": name[:60]})

    def scene(self, draft: _Draft) -> Scene:
        """Return a scene that was read; one without choices is an ending."""
        if draft.why:
            self.explanations[draft.key] = Explanation(why=draft.why)
        return Scene(
            key=draft.key,
            kind="scene" if draft.choices else "ending",
            title=draft.name,
            speaker=draft.speaker,
            text=draft.text,
            choices=tuple(draft.choices),
            outcome=draft.outcome if not draft.choices else "neutral",
        )

    def _key(self) -> str:
        key = self._make_key(self._taken)
        self._taken.add(key)
        return key

    def _text(self, number: int, column: str, said: Mapping[str, str], limit: str = "") -> str:
        text, most = said.get(column, ""), TEXTS[limit or column]
        if len(text) > most:
            self._wrong(number, column, "too_long", {"most": most, "length": len(text)})
        if any(ord(sign) < 32 and sign not in "\n\t" for sign in text):
            self._wrong(number, column, "bad_sign")
        return text

    def _wrong(
        self, row: int, column: str, code: str, params: Mapping[str, object] | None = None
    ) -> None:
        self.problems.append(Problem(row, column, code, params or {}))
