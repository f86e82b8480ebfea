"""Rich text is rendered on the server, and nothing foreign comes through."""

import re
import uuid
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.catalog import markdown
from courses.catalog.richtext import Glossary, TooDeepError, plain, render, terms_of


def doc(*content: dict[str, Any]) -> dict[str, Any]:
    """A document of these nodes."""
    return {"type": "doc", "content": list(content)}


def paragraph(text: str, *marks: dict[str, Any]) -> dict[str, Any]:
    """A paragraph of one text."""
    return {"type": "paragraph", "content": [{"type": "text", "text": text, "marks": list(marks)}]}


def link(href: str) -> dict[str, Any]:
    """A link's mark."""
    return {"type": "link", "attrs": {"href": href}}


def test_what_authors_write_comes_out_as_html() -> None:
    source = "## 見出し\n\n**太字**と[リンク](https://example.com)\n\n- 一\n- 二\n\n> 引用"
    assert render(markdown.to_doc(source)) == (
        "<h2>見出し</h2><p><strong>太字</strong>と"
        '<a href="https://example.com" rel="noopener noreferrer">リンク</a></p>'
        "<ul><li><p>一</p></li><li><p>二</p></li></ul><blockquote><p>引用</p></blockquote>"
    )


def test_a_table_has_headers_for_screen_readers() -> None:
    html = render(markdown.to_doc("| 前 | 後 |\n|---|---|\n| 22時間 | 4時間 |"))
    assert '<th scope="col">前</th>' in html
    assert "<td>4時間</td>" in html


def test_merged_cells_and_a_list_that_goes_on_keep_their_numbers() -> None:
    wide = {"type": "tableCell", "attrs": {"colspan": 2, "rowspan": 1}, "content": []}
    table = {"type": "table", "content": [{"type": "tableRow", "content": [wide]}]}
    assert '<td colspan="2"></td>' in render(doc(table))
    for start, shown in (
        (3, '<ol start="3">'),
        (1, "<ol>"),
        ("9 onclick=x", "<ol>"),
        (True, "<ol>"),
    ):
        listed = {"type": "orderedList", "attrs": {"start": start}, "content": []}
        assert shown in render(doc(listed))


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "JaVaScRiPt:x",
        "//evil",
        "\x01javascript:x",
        "http://[",
    ],
)
def test_links_go_to_known_places_only(href: str) -> None:
    assert "href" not in render(doc(paragraph("x", link(href))))


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
        "<style>*{}</style>",
        '<base href="//evil">',
    ],
)
def test_html_in_text_stays_text(text: str) -> None:
    html = render(doc(paragraph(text)))
    assert "<script" not in html
    assert "<img" not in html
    assert "<style" not in html
    assert "<base" not in html


nodes = st.recursive(
    st.builds(lambda text: {"type": "text", "text": text}, st.text(max_size=20)),
    lambda children: st.builds(
        lambda kind, content, attrs: {"type": kind, "content": content, "attrs": attrs},
        st.sampled_from(["paragraph", "heading", "bulletList", "script", "iframe", "", "table"]),
        st.lists(children, max_size=4),
        st.dictionaries(st.sampled_from(["level", "href", "onclick"]), st.text(max_size=8)),
    ),
    max_leaves=12,
)


@given(st.lists(nodes, max_size=4))
def test_any_document_renders_to_allowed_tags_only(content: list[dict[str, Any]]) -> None:
    html = render(doc(*content))
    for forbidden in ("<script", "<iframe", " onclick", "<style"):
        assert forbidden not in html


def test_a_document_nested_too_deeply_is_refused() -> None:
    node: dict[str, Any] = {"type": "text", "text": "x"}
    for _ in range(200):
        node = {"type": "blockquote", "content": [node]}
    with pytest.raises(TooDeepError):
        render(doc(node))


def test_plain_text_for_search_has_no_markup() -> None:
    assert plain(markdown.to_doc("## 題\n\n**値引き**の前に")) == "題 値引きの前に"


# --- Terms --------------------------------------------------------------------------------------------------

RINGI, SFA = str(uuid.uuid4()), str(uuid.uuid4())
TERMS = {
    RINGI: {"word": "稟議", "reading": "りんぎ", "meaning": "承認を集める決め方。"},
    SFA: {"word": "SFA", "reading": "", "meaning": 'Sales <force> "automation"'},
}


def term(key: str) -> dict[str, Any]:
    """A term's mark."""
    return {"type": "term", "attrs": {"term": key}}


def explained(html: str) -> list[str]:
    """The ids of the terms that a tap explains, in order."""
    return re.findall(r'<span[^>]* id="term-([0-9a-f-]{36})"', html)


def test_a_term_is_explained_at_its_first_use_and_plain_from_then_on() -> None:
    glossary = Glossary(TERMS)
    first = render(doc(paragraph("稟議", term(RINGI)), paragraph("稟議", term(RINGI))), glossary)
    assert explained(first) == [RINGI]
    assert first.count("承認を集める決め方。") == 1
    assert first.endswith("<p>稟議</p>")
    assert render(doc(paragraph("稟議", term(RINGI))), glossary) == "<p>稟議</p>"


def test_a_term_of_which_nothing_is_known_is_plain_text() -> None:
    for unknown in (str(uuid.uuid4()), "", "x", 7, None, {"a": 1}):
        html = render(doc(paragraph("稟議", {"type": "term", "attrs": {"term": unknown}})))
        assert html == "<p>稟議</p>"
    assert render(doc(paragraph("稟議", {"type": "term"})), Glossary(TERMS)) == "<p>稟議</p>"


def test_a_term_that_is_partly_bold_is_one_word_to_tap() -> None:
    parts = [
        {"type": "text", "text": "稟", "marks": [term(RINGI), {"type": "bold"}]},
        {"type": "text", "text": "議", "marks": [term(RINGI.upper())]},
    ]
    html = render(doc({"type": "paragraph", "content": parts}), Glossary(TERMS))
    assert "<strong>稟</strong>議</button>" in html
    assert explained(html) == [RINGI]


def test_in_a_link_a_tap_follows_the_link() -> None:
    linked = doc(paragraph("稟議", term(RINGI), link("https://example.com")))
    assert "<button" not in render(linked, Glossary(TERMS))
    assert not list(terms_of(linked))


def test_a_meaning_is_text_and_never_html() -> None:
    html = render(doc(paragraph("SFA", term(SFA))), Glossary(TERMS))
    assert 'Sales &lt;force&gt; "automation"' in html


def test_no_space_comes_between_a_term_and_its_neighbours() -> None:
    parts = [
        {"type": "text", "text": "次の"},
        {"type": "text", "text": "稟議", "marks": [term(RINGI)]},
        {"type": "text", "text": "では"},
    ]
    html = render(doc({"type": "paragraph", "content": parts}), Glossary(TERMS))
    assert "次の<dfn>" in html
    assert "</span>では" in html


def test_a_full_stop_stays_with_its_term_and_a_bracket_too() -> None:
    parts = [
        {"type": "text", "text": "「"},
        {"type": "text", "text": "稟議", "marks": [term(RINGI)]},
        {"type": "text", "text": "」。そして"},
        {"type": "text", "text": "SFA", "marks": [term(SFA)]},
        {"type": "text", "text": "を"},
    ]
    html = render(doc({"type": "paragraph", "content": parts}), Glossary(TERMS))
    assert '<p><span class="nowrap">「<dfn>' in html
    assert "</span>」。</span>そして<dfn>" in html
    assert html.count("nowrap") == 1
    assert Reader(html).text.count("「稟議") == Reader(html).text.count("」。そして") == 1


hostile = st.sampled_from([
    "<script>alert(1)</script>", '" onclick="alert(1)', "'><img src=x onerror=x>", "</span></p><form>", "稟議",
    "<button popovertarget=main>", "&lt;b&gt;", "\x00", "</dfn><style>*{}</style>",
])  # fmt: skip
words = st.one_of(hostile, st.text(max_size=12))
ids = st.sampled_from([RINGI, SFA, RINGI.upper(), "main", '" id="main', "x"])
some_marks = st.lists(
    st.one_of(
        st.builds(term, ids),
        st.builds(link, st.sampled_from(["https://example.com", "javascript:x", "http://["])),
        st.sampled_from([{"type": "bold"}, {"type": "code"}, {"type": "term", "attrs": 3}, "bold"]),
    ),
    max_size=3,
)
texts = st.builds(
    lambda text, marks: {"type": "text", "text": text, "marks": marks}, words, some_marks
)
documents = st.recursive(
    texts,
    lambda children: st.builds(
        lambda kind, content: {"type": kind, "content": content},
        st.sampled_from(["paragraph", "heading", "bulletList", "listItem", "table", "script"]),
        st.lists(children, max_size=4),
    ),
    max_leaves=14,
)


class Reader(HTMLParser):
    """Collects what a browser would build: tags with their attributes, ids, and what is tapped inside what."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.nested: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_data(self, data: str) -> None:
        """Note what is read."""
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag."""
        if tag in {"a", "button"} and {"a", "button"} & set(self.open):
            self.nested.append(tag)
        self.found.append((tag, dict(attrs)))
        if tag not in {"br", "hr"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note that it ends."""
        if tag in self.open:
            self.open.remove(tag)


ATTRIBUTES = {
    "a": {"href", "rel"},
    "button": {"type", "popovertarget", "popovertargetaction", "lang", "class"},
    "span": {"id", "role", "popover", "class"},
    "th": {"scope"},
    "ol": {"start"},
}
TAGS = {
    "p", "h2", "h3", "ul", "ol", "li", "blockquote", "strong", "em", "code", "br", "hr", "table", "tbody", "tr",
    "td", "dfn", "b", *ATTRIBUTES,
}  # fmt: skip


@given(
    st.lists(documents, max_size=4),
    st.lists(documents, max_size=3),
    st.dictionaries(st.sampled_from(["word", "reading", "meaning"]), words),
)
def test_no_document_and_no_term_brings_in_anything_foreign_or_is_explained_twice(
    one: list[dict[str, Any]], two: list[dict[str, Any]], told: dict[str, str]
) -> None:
    glossary = Glossary({**TERMS, SFA: {"meaning": "x", **told}})
    html = "".join(render(doc(*content), glossary) for content in (one, two))
    shown = explained(html)
    assert len(shown) == len(set(shown))
    assert set(shown) <= {*terms_of(doc(*one, *two))} & {RINGI, SFA}
    reader = Reader(html)
    assert not reader.nested
    for tag, attributes in reader.found:
        assert tag in TAGS
        assert set(attributes) <= ATTRIBUTES.get(tag, set())
        for name in ("id", "popovertarget"):
            if name in attributes:
                assert attributes[name] in {f"term-{RINGI}", f"term-{SFA}"}


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("残りは**[稟議](https://a.example)**（承認）です", "残りは[b:稟議]（承認）です"),
        ("**いまの[並び](https://a.example)**です", "[b:いまの][b:並び]です"),
        ("これは**「強調」**です", "これは[b:「強調」]です"),
        ("**最後まで聞く。**次に", "[b:最後まで聞く。]次に"),
        ("価格は*5%*引き", "価格は[i:5%]引き"),
        ("彼は ** 空白 ** の", "彼は ** 空白 ** の"),
        ("a **(b)** c, a**(b)**c", "a [b:(b)] c, a**(b)**c"),
        ("a_b_c", "a_b_c"),
    ],
)
def test_emphasis_needs_no_spaces_between_japanese_words(source: str, told: str) -> None:
    (found,) = markdown.to_doc(source)["content"]
    names = {"bold": "b", "italic": "i"}
    said = ""
    for node in found["content"]:
        marks = [names[mark["type"]] for mark in node.get("marks", []) if mark["type"] in names]
        said += f"[{marks[0]}:{node['text']}]" if marks else node["text"]
    assert said == told


@given(st.text(alphabet="*あ「」a( 　、", max_size=24))
def test_emphasis_loses_no_word(source: str) -> None:
    told = plain(markdown.to_doc(source))
    for char in "あ「」a(、":
        assert told.count(char) == source.count(char)
