"""What authors do in a browser, and what the draft must say afterwards."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from courses.catalog.models import Block, Course, Module
from partners.models import Person
from tests.partners.factories import make_client, make_person
from tests.plugin.patience import wait_until

_PASTE = """(html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "x");
  const pasted = {clipboardData: data, bubbles: true, cancelable: true};
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", pasted));
}"""


def make_author(**fields: Any) -> Person:
    """Make an author of the client, which is set up."""
    return make_person(make_client(), roles=["author"], **fields)


def make_draft(*blocks: tuple[str, dict[str, Any]], title: str = "") -> Module:
    """Make an unpublished module with these blocks, keyed block0, block1 and so on."""
    course = Course.objects.create(title="はじめての商談")
    module = Module.objects.create(course=course, title=title)
    Block.objects.bulk_create(
        Block(module=module, key=f"block{place}", kind=kind, data=data, position=place)
        for place, (kind, data) in enumerate(blocks)
    )
    return module


def said(*texts: str) -> tuple[str, dict[str, Any]]:
    """Return a text block of these paragraphs."""
    content = [{"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in texts]
    return "text", {"doc": {"type": "doc", "content": content}}


def open_desk(page: Page, module: Module) -> None:
    """Open the module's editor and wait until it can be written in."""
    page.goto(f"/authoring/modules/{module.pk}/")
    page.wait_for_selector("[data-desk-ready]", state="attached")


def kinds_of(module: Module) -> list[str]:
    """Return the kinds of the draft's blocks in order, as the server has them."""
    return list(module.blocks.order_by("position").values_list("kind", flat=True))


def data_of(module: Module, kind: str) -> dict[str, Any]:
    """Return what the server has of the first block of a kind."""
    return dict(
        module.blocks.filter(kind=kind).order_by("position").values_list("data", flat=True)[0]
    )


def text_of(module: Module) -> str:
    """Return all words of the draft's texts, as the server has them."""
    docs = (
        module.blocks.filter(kind="text").order_by("position").values_list("data__doc", flat=True)
    )
    return "\n".join(_words(doc) for doc in docs)


def _words(node: dict[str, Any]) -> str:
    inside = "".join(_words(child) for child in node.get("content") or [])
    ends = node.get("type") in {"paragraph", "heading"}
    return str(node.get("text", "")) + inside + ("\n" if ends else "")


def until(page: Page, true: Callable[[], Any]) -> None:
    """Wait until something is true on the server, while the page goes on."""
    wait_until(true, "what the page does is stored", meanwhile=lambda: page.wait_for_timeout(80))


def card(page: Page, number: int) -> Locator:
    """Return the card of a block, counted from one."""
    return page.locator("[data-blocks] > li").nth(number - 1)


def write_in(page: Page, number: int) -> None:
    """Put the cursor at the end of a text."""
    card(page, number).locator(".rich-text").click()
    page.keyboard.press("Control+End")
    page.wait_for_timeout(50)


def paste(page: Page, html: str) -> None:
    """Paste markup where the focus is."""
    page.evaluate(_PASTE, html)


def tab_to(page: Page, selector: str, *, most: int = 60, key: str = "Tab") -> None:
    """Press Tab until the focus is there, once it can be had at all."""
    page.locator(selector).first.wait_for()
    for _ in range(most):
        if page.evaluate("(wanted) => document.activeElement?.matches(wanted)", selector):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{selector} is not reached by {key}")


def expect_kinds(page: Page, *labels: str) -> None:
    """Wait until the cards are of these kinds, in this order."""
    expect(page.locator("[data-blocks] > li h3 [data-kind-label]")).to_have_text(list(labels))
