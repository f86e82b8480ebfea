"""Rich text is rendered on the server, and nothing foreign comes through."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.catalog import markdown
from courses.catalog.richtext import TooDeepError, plain, render


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


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", "data:text/html,x", "JaVaScRiPt:x", "//evil", "\x01javascript:x"],
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
