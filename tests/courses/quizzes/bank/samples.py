"""Items of the bank for tests, and any item that could be in it."""

import unicodedata
from typing import Any

from hypothesis import strategies as st

from courses.quizzes.bank.actions import add_item
from courses.quizzes.bank.items import Draft, Option, line, prose
from courses.quizzes.models import BankItem
from partners.models import Person
from tests.partners.factories import make_client, make_person

DRAFT = Draft(
    code="Q-001",
    kind="single",
    stem="値引きを求められたら、まず何を聞きますか。",
    options=(
        Option("何と比べているか", correct=True, explanation="比べる相手で話が変わります。"),
        Option("いくらなら買うか", explanation="値段の話に閉じてしまいます。"),
        Option("予算の総額"),
    ),
    explanation="比べる相手を先に聞きます。",
    weight=2,
    skills=("ヒアリング", "価格交渉"),
    products=("Honami CRM",),
)


def make_author(**fields: Any) -> Person:
    """Make an author of the client."""
    return make_person(make_client(), roles=["author"], **fields)


def make_item(author: Person, code: str = "Q-001", **fields: Any) -> BankItem:
    """Put an item into the bank."""
    values = {name: getattr(DRAFT, name) for name in DRAFT.__dataclass_fields__} | fields
    return add_item(actor=author, draft=Draft(**values | {"code": code}))


_SIGNS = st.one_of(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"]), st.sampled_from("=+-@'\"＝,;、\n\tあ髙")
)
_LINES = st.text(_SIGNS, min_size=1, max_size=12).map(line).filter(bool)
_PROSE = st.text(_SIGNS, max_size=20).map(prose)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


_TAGS = st.lists(
    st.text(st.sampled_from("abcあい=- ・"), min_size=1, max_size=6).map(line).filter(bool),
    max_size=3,
    unique_by=_folded,
).map(tuple)


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """Any item that the bank would take."""
    kind = draw(st.sampled_from(["single", "multiple", "truefalse"]))
    most = 2 if kind == "truefalse" else 8
    texts = draw(st.lists(_LINES, min_size=2, max_size=most, unique_by=_folded))
    right = draw(st.sets(st.integers(0, len(texts) - 1), min_size=1))
    if kind != "multiple":
        right = {min(right)}
    return Draft(
        code=draw(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,8}", fullmatch=True)),
        kind=kind,
        stem=draw(_PROSE.filter(bool)),
        options=tuple(
            Option(text, index in right, draw(_PROSE)) for index, text in enumerate(texts)
        ),
        explanation=draw(_PROSE),
        weight=draw(st.integers(1, 10)),
        skills=draw(_TAGS),
        products=draw(_TAGS),
        language=draw(st.sampled_from(["ja", "en"])),
        is_archived=draw(st.booleans()),
    )
