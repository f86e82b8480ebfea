"""Items as rows of a table: which columns there are, what they may be called, what their cells mean.

Names and words are understood in English and Japanese, whoever reads; the first name is the English one,
the second the Japanese one, and they are written in the language of whoever takes the table away.
"""

import dataclasses
import unicodedata
from collections.abc import Iterator, Mapping
from typing import TypeVar

from core.tables.headers import fold
from courses.catalog.blocks import LETTERS
from courses.quizzes.bank import items
from courses.quizzes.bank.items import Draft, Option, Trouble

_Key = TypeVar("_Key")

COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("Code", "コード", "Item code", "ID", "問題コード", "問題ID", "管理番号"),
    "kind": ("Kind", "種類", "Type", "形式", "問題形式", "問題の種類"),
    "stem": ("Question", "問題文", "問題", "Stem", "設問", "質問"),
    "right": ("Right options", "正解", "Right option", "Answer", "Correct", "正答", "答え"),
    "weight": ("Weight", "配点", "重み", "Points"),
    "explanation": ("Explanation", "解説", "説明"),
    "skills": ("Skills", "スキル", "Skill", "技能", "Tags", "Tag", "タグ"),
    "products": ("Products", "製品", "Product", "商品", "サービス"),
    "language": ("Language", "言語"),
    "archived": ("Archived", "アーカイブ", "保管"),
    **{
        f"option_{letter}": (
            f"Option {letter}",
            f"選択肢{letter}",
            f"Option {number}",
            f"選択肢{number}",
            f"Choice {letter}",
        )
        for number, letter in enumerate(LETTERS, start=1)
    },
    **{
        f"why_{letter}": (
            f"Explanation {letter}",
            f"解説{letter}",
            f"Explanation {number}",
            f"解説{number}",
            f"選択肢{letter}の解説",
        )
        for number, letter in enumerate(LETTERS, start=1)
    },
}
REQUIRED = ("code", "stem")

_KINDS = {
    "single": ("One right option", "1つ選ぶ", "single", "単一選択", "択一", "ひとつ選ぶ"),
    "multiple": ("Several right options", "複数選ぶ", "multiple", "複数選択"),
    "truefalse": ("True or false", "正誤", "truefalse", "○×", "〇×", "まるばつ"),
}
_LANGUAGES = {"ja": ("Japanese", "日本語", "ja"), "en": ("English", "英語", "en")}
_FLAGS = {
    True: ("yes", "はい", "true", "1", "○", "〇", "済"),
    False: ("", "いいえ", "no", "false", "0", "×"),
}
_TRUTH = {
    True: ("○", "〇", "◯", "正", "正しい", "はい", "真", "そのとおり", "true", "yes", "T", "right"),
    False: (
        "×",
        "✕",
        "x",
        "誤",
        "誤り",
        "いいえ",
        "偽",
        "ちがう",
        "違う",
        "false",
        "no",
        "F",
        "wrong",
    ),
}
_USUAL = {"ja": ("そのとおり", "ちがう"), "en": ("That's right", "That's not right")}
"""What the two options of true or false say where a row says nothing else."""
_KANA = dict(zip("アイウエオカキク", LETTERS, strict=True))


def order() -> list[str]:
    """Return the columns as they are written: each option beside its explanation."""
    pairs = [name for letter in LETTERS for name in (f"option_{letter}", f"why_{letter}")]
    return ["code", "kind", "stem", *pairs, "right", *list(COLUMNS)[4:10]]


def label(column: str, language: str) -> str:
    """Return a column's name in this language."""
    return COLUMNS[column][1 if language == "ja" else 0]


def column_of(field: str) -> str:
    """Return the column in which a field of an item stands: options.3.text is option_C."""
    if not field.startswith("options."):
        return field
    _, place, part = field.split(".")
    return f"{'option' if part == 'text' else 'why'}_{LETTERS[min(int(place), len(LETTERS)) - 1]}"


def write(draft: Draft, language: str) -> list[str]:
    """Return an item's cells, in the order of the columns."""
    place = 1 if language == "ja" else 0
    cells = {
        "code": draft.code,
        "kind": _KINDS[draft.kind][place],
        "stem": draft.stem,
        "right": ", ".join(
            letter for letter, o in zip(LETTERS, draft.options, strict=False) if o.correct
        ),
        "weight": str(draft.weight),
        "explanation": draft.explanation,
        "skills": ", ".join(draft.skills),
        "products": ", ".join(draft.products),
        "language": _LANGUAGES[draft.language][place]
        if draft.language in _LANGUAGES
        else draft.language,
        "archived": _FLAGS[True][place] if draft.is_archived else "",
    }
    for letter, option in zip(LETTERS, draft.options, strict=False):
        cells |= {f"option_{letter}": option.text, f"why_{letter}": option.explanation}
    return [cells.get(column, "") for column in order()]


def read(
    cells: Mapping[str, str], before: Draft | None, language: str
) -> tuple[Draft, list[Trouble]]:
    """Return the item that a row means, and what in its cells can't be understood.

    A column that the file doesn't have leaves `before` as it is; for a new item it is left empty, the
    kind then follows from the number of right options, and the language is the given one.
    """
    found: list[Trouble] = []
    base = before or Draft("", "", "", (), language=language)
    texts = {
        "code": items.code(cells["code"]),
        "stem": items.prose(cells["stem"]),
        "explanation": items.prose(cells.get("explanation", base.explanation)),
    }
    cells = _of_true_or_false(cells, base)
    options = _options(cells, base, found)
    draft = dataclasses.replace(
        base,
        **texts,
        options=options,
        kind=_kind(cells, base, options, found),
        weight=_weight(cells, base, found),
        skills=items.tags(cells["skills"]) if "skills" in cells else base.skills,
        products=items.tags(cells["products"]) if "products" in cells else base.products,
        language=_language(cells, base, found),
        is_archived=_archived(cells, base, found),
    )
    if draft.kind == "truefalse":
        found = [_of_two(trouble) for trouble in found]
    return draft, found


def _of_true_or_false(cells: Mapping[str, str], base: Draft) -> Mapping[str, str]:
    """Return a row of true or false without texts of its own with those that such questions usually have."""
    texts = [cells.get(f"option_{letter}", "").strip() for letter in LETTERS]
    if any(texts) or base.options or _word(cells.get("kind", ""), _KINDS) != "truefalse":
        return cells
    right = _word(cells.get("right", ""), _TRUTH)
    language = _word(cells.get("language", ""), _LANGUAGES) or base.language
    usual = zip(("option_A", "option_B"), _USUAL[language], strict=True)
    return {**cells, **dict(usual)} | (
        {"right": "A" if right else "B"} if right is not None else {}
    )


def _of_two(trouble: Trouble) -> Trouble:
    """Return a trouble as it is mended in a row of true or false: its two options have texts, too."""
    is_right = trouble.code == "bad_right"
    return dataclasses.replace(trouble, code="bad_right_of_two") if is_right else trouble


def _options(cells: Mapping[str, str], base: Draft, found: list[Trouble]) -> tuple[Option, ...]:
    there = dict(zip(LETTERS, base.options, strict=False))
    right = _right(cells["right"], found) if "right" in cells else None
    options = []
    for letter in LETTERS:
        old = there.get(letter, Option(""))
        options.append(
            Option(
                text=items.line(cells.get(f"option_{letter}", old.text)),
                correct=old.correct if right is None else letter in right,
                explanation=items.prose(cells.get(f"why_{letter}", old.explanation)),
            )
        )
    found += _moved_up(cells, base)
    return tuple(options)


def _moved_up(cells: Mapping[str, str], base: Draft) -> Iterator[Trouble]:
    """Yield a trouble where an option is taken away before one that the table has no column for: it would move up."""
    kept = [
        letter
        for letter, option in zip(LETTERS, base.options, strict=False)
        if option.text and f"option_{letter}" not in cells
    ]
    for number, (letter, option) in enumerate(zip(LETTERS, base.options, strict=False)):
        is_taken_away = option.text and not cells.get(f"option_{letter}", option.text).strip()
        if is_taken_away and (later := [each for each in kept if each > letter]):
            yield Trouble(f"options.{number}.text", "moves_up", later[0])


def _right(cell: str, found: list[Trouble]) -> set[str]:
    """Return the letters that a cell names: A, C; also 1, 3; アウ; ＡＣ."""
    letters = set()
    for sign in unicodedata.normalize("NFKC", cell).upper():
        if sign in LETTERS:
            letters.add(sign)
        elif sign in _KANA:
            letters.add(_KANA[sign])
        elif sign in "12345678":
            letters.add(LETTERS[int(sign) - 1])
        elif not (sign.isspace() or sign in ",、;・/+&と."):
            found.append(Trouble("right", "bad_right", cell))
            return set()
    return letters


def _kind(
    cells: Mapping[str, str], base: Draft, options: tuple[Option, ...], found: list[Trouble]
) -> str:
    usual = "multiple" if sum(option.correct for option in options) > 1 else "single"
    if not cells.get("kind", "").strip():
        return base.kind if "kind" not in cells and base.kind else usual
    kind = _word(cells["kind"], _KINDS)
    if kind is None:
        found.append(Trouble("kind", "bad_kind", cells["kind"]))
    return kind or usual


def _weight(cells: Mapping[str, str], base: Draft, found: list[Trouble]) -> int:
    if "weight" not in cells:
        return base.weight
    text = unicodedata.normalize("NFKC", cells["weight"]).strip() or "1"
    if text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= 10:
        return int(text)
    found.append(Trouble("weight", "bad_weight", cells["weight"]))
    return 1


def _language(cells: Mapping[str, str], base: Draft, found: list[Trouble]) -> str:
    if not cells.get("language", "").strip():
        return base.language
    language = _word(cells["language"], _LANGUAGES)
    if language is None:
        found.append(Trouble("language", "bad_language", cells["language"]))
    return language or base.language


def _archived(cells: Mapping[str, str], base: Draft, found: list[Trouble]) -> bool:
    if "archived" not in cells:
        return base.is_archived
    flag = _word(cells["archived"], _FLAGS)
    if flag is None:
        found.append(Trouble("archived", "bad_flag", cells["archived"]))
    return bool(flag)


def _word(cell: str, words: Mapping[_Key, tuple[str, ...]]) -> _Key | None:
    wanted = fold(cell)
    return next((key for key, names in words.items() if wanted in map(fold, names)), None)
