"""What is pasted: what matters is kept, and nothing that could do anything gets in."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from courses.catalog.models import Module
from courses.catalog.richtext import render
from tests.browser.author import (
    card,
    data_of,
    kinds_of,
    make_author,
    make_draft,
    open_desk,
    paste,
    said,
    until,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("device", ["desktop"]),
]

SignIn = Callable[[BrowserContext, Any], None]

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p{color:red}</style>
<meta name=Generator content="Microsoft Word 15"></head><body lang=JA style='tab-interval:36pt'><!--StartFragment-->
<h1 style='mso-line-height:1'><b>大見出し</b></h1><h2>中見出し</h2>
<p class=MsoNormal style="margin:0">これは<b style='mso-bidi-font-weight:normal'>太字</b>と<span
style='color:red'>ふつう</span>、<a href="https://example.com/?a=1&amp;b=2">リンク</a><o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='font-family:Wingdings'><span
style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;</span></span></span><![endif]>一つ目</p>
<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>o</span><![endif]>内側</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>·</span><![endif]>二つ目</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span
style='mso-list:Ignore'>1.</span><![endif]>番号</p>
<table class=MsoTableGrid border=1 style='border-collapse:collapse'><tr style='mso-yfti-irow:0'><td width=100
style='width:75pt'><p class=MsoNormal>列</p></td><td>値</td></tr></table><p class=MsoNormal><o:p>&nbsp;</o:p></p>
<!--EndFragment--></body></html>"""

WORD_KEPT = (
    "<h2>大見出し</h2><h3>中見出し</h3><p>これは<strong>太字</strong>とふつう、"
    '<a href="https://example.com/?a=1&amp;b=2" rel="noopener noreferrer">リンク</a></p>'
    "<ul><li><p>一つ目</p><ul><li><p>内側</p></li></ul></li><li><p>二つ目</p></li></ul>"
    "<ol><li><p>番号</p></li></ol>"
    "<table><tbody><tr><td><p>列</p></td><td><p>値</p></td></tr></tbody></table>"
)

DOCS = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1"><h3 dir="ltr"
style="line-height:1.38"><span style="font-size:14pt">見出し</span></h3><p dir="ltr"><span
style="font-weight:700">太い</span><span style="font-weight:400">細い</span></p><ul><li dir="ltr"
aria-level="1"><p role="presentation"><span>項目</span></p></li></ul></b>"""

DOCS_KEPT = "<h2>見出し</h2><p><strong>太い</strong>細い</p><ul><li><p>項目</p></li></ul>"

HOSTILE = """<p onclick="window.hacked=1" style="background:url(//evil/x)">安全<script>window.hacked=1</script>
<img src="data:image/png;base64,AAAA" onerror="window.hacked=1"><img src=x onerror=window.hacked=1><svg
onload=window.hacked=1><style>*{display:none}</style></svg><a href="data:text/html,x">甲</a><a
href=" java&#10;script:window.hacked=1">乙</a><iframe src=//evil></iframe><b>太</b> 1 < 2 & "引用"</p><style>p{}</style>
<form action=//evil><input value=x><button formaction=javascript:1>押す</button></form><p style='x"><b>残り</b>"""


@pytest.fixture
def draft(page: Page, sign_in: SignIn) -> Module:
    """An empty text before an author's eyes, with the cursor in it."""
    sign_in(page.context, make_author().account)
    draft = make_draft(("text", {"doc": {"type": "doc", "content": [{"type": "paragraph"}]}}))
    open_desk(page, draft)
    card(page, 1).locator(".rich-text").click()
    return draft


@pytest.mark.parametrize(
    ("pasted", "kept"), [(WORD, WORD_KEPT), (DOCS, DOCS_KEPT)], ids=["word", "docs"]
)
def test_what_matters_is_kept(page: Page, draft: Module, pasted: str, kept: str) -> None:
    paste(page, pasted)
    until(page, lambda: "content" in data_of(draft, "text")["doc"]["content"][0])
    assert render(data_of(draft, "text")["doc"]) == kept


def test_hostile_markup_leaves_words_only(page: Page, draft: Module) -> None:
    paste(page, HOSTILE)
    until(page, lambda: "content" in data_of(draft, "text")["doc"]["content"][0])
    html = render(data_of(draft, "text")["doc"])
    for word in ("安全", "甲", "乙", "<strong>太</strong>", "1 &lt; 2 &amp;", "残り"):
        assert word in html
    for word in ("href", "hacked", "evil", "display:none", "押す"):
        assert word not in html
    assert page.evaluate("window.hacked") is None
    assert page.locator("[data-blocks] [style]").count() == 0


def test_own_words_are_copied_with_all_they_are(page: Page, sign_in: SignIn) -> None:
    sign_in(page.context, make_author().account)
    draft = make_draft(said("元の文"))
    open_desk(page, draft)
    card(page, 1).locator(".rich-text").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+b")
    page.keyboard.press("Control+c")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(50)
    page.keyboard.press("Enter")
    page.keyboard.press("Control+v")
    strong = "<p><strong>元の文</strong></p>"
    until(page, lambda: render(data_of(draft, "text")["doc"]) == strong * 2)


def test_a_pasted_picture_becomes_a_block(page: Page, draft: Module) -> None:
    page.keyboard.type("前")
    page.evaluate(
        """async () => {
          const canvas = Object.assign(document.createElement("canvas"), {width: 40, height: 30});
          canvas.getContext("2d").fillRect(0, 0, 20, 20);
          const blob = await new Promise((give) => canvas.toBlob(give, "image/png"));
          const data = new DataTransfer();
          data.items.add(new File([blob], "shot.png", {type: "image/png"}));
          const pasted = {clipboardData: data, bubbles: true, cancelable: true};
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", pasted));
        }"""
    )
    until(page, lambda: kinds_of(draft) == ["text", "image"] and data_of(draft, "image")["asset"])
    expect(card(page, 2).locator("[data-pick-image]")).to_be_visible()
    card(page, 2).get_by_label("何が写っているか").fill("四角")
    until(page, lambda: data_of(draft, "image")["alt"] == "四角")
