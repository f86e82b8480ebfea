"""Every page that somebody can reach, and what must be true of each of them."""

import dataclasses
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page

from core.access import Access
from tests.architecture import world
from tests.architecture.doors import Door, doors

NOT_PAGES = (
    "api/",
    "healthz",
    "readyz",
    "manifest.webmanifest",
    "sw.js",
    "record/<str:view>.csv",
    "media/<",
    "media/captions/",
    "media/picture/",
    "demo/<",
    "styleguide/",  # has tests of its own, and shows what no page does
)
"""How the routes begin whose answers nobody reads in a window of their own."""

TAKES_ONLY_FORMS = ("language/", "retry/", "remove/")
"""How the routes end that are sent to and never opened."""

LOOK = """
([width, japanese]) => {
  const found = [];
  const seen = (element) => element.checkVisibility({ visibilityProperty: true });
  const name = (element) => {
    const words = (element.textContent.trim() || element.name || element.id).replace(/\\s+/g, " ");
    return `<${element.localName} class="${element.className}"> ${words.slice(0, 40)}`;
  };
  if (document.documentElement.scrollWidth > width) {
    const wide = [...document.querySelectorAll("main *, header *")].filter(
      (element) => seen(element) && element.getBoundingClientRect().right > width + 1,
    );
    found.push(`scrolls sideways at ${width}: ${wide.slice(0, 3).map(name)}`);
  }
  const firsts = [...document.querySelectorAll("h1")].filter(seen);
  if (firsts.length !== 1) found.push(`has ${firsts.length} first headings`);
  if (!document.title.split("|")[0].trim()) found.push("has no title");
  if (document.querySelectorAll("main").length !== 1) found.push("has not one main landmark");
  if (document.documentElement.lang !== (japanese ? "ja" : "en")) found.push("has another language");
  for (const link of document.querySelectorAll('a[href=""]:not([aria-current])')) found.push(`leads nowhere: ${name(link)}`);
  const targets =
    "button, input:not([type=hidden]), select, textarea, summary, .btn, .iconbtn, .rowlink, .pills a, nav a";
  for (const element of document.querySelectorAll(targets)) {
    const target = element.matches("[type=radio], [type=checkbox]") ? element.closest("label") : element;
    if (!target || !seen(target)) continue;
    const { height, width: across, right } = target.getBoundingClientRect();
    if (height && right > 0 && (height < 43.9 || across < 43.9)) {
      found.push(`is hard to hit (${Math.round(across)} x ${Math.round(height)}): ${name(target)}`);
    }
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const foreign = japanese ? /^[^\\u3040-\\u30ff\\u4e00-\\u9fff@]*[A-Za-z]{3}[^\\u3040-\\u30ff\\u4e00-\\u9fff@]*$/ : /[\\u3040-\\u309f]/;
  const known = /English|日本語|みらい営業|はじめての商談|「高い」と言われたら、まず何を聞くか|価格の対話|たなか \\d+こ|\\S+[.@]\\S+/g;  // names in the world that is walked through
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const text = texts.currentNode.data.replace(known, "").trim();
    const spoken = element.closest("[lang]").lang;
    const data = "bdi, code, script, style, template, noscript, .mono, [data-raw], textarea";
    if (!foreign.test(text) || spoken !== (japanese ? "ja" : "en") || element.closest(data)) continue;
    if (element.checkVisibility()) found.push(`speaks another language: ${text.slice(0, 60)}`);
  }
  return found;
}
"""


@dataclasses.dataclass(frozen=True)
class Stop:
    """One page of the walk."""

    name: str
    url: str


def stops(role: str, ids: dict[str, Any]) -> Iterator[Stop]:
    """Yield every page that this role opens and no other does; for a stranger (""), what is open to all.

    What is open to everybody who signed in is the rep's to walk through.
    """
    for door in doors():
        if _is_page(door) and _opens(door, role):
            yield Stop(door.name, door.url(world.values_for(door.name, door.parameters, ids)))


def _is_page(door: Door) -> bool:
    return not door.route.startswith(NOT_PAGES) and not door.route.endswith(TAKES_ONLY_FORMS)


def _opens(door: Door, role: str) -> bool:
    access = door.access
    if not isinstance(access, Access):
        return False
    if door.name == "home":
        return True
    wanted = {"": "anyone", "rep": "person"}.get(role, role)
    return wanted in access.who


def troubles(page: Page, width: int, language: str) -> list[str]:
    """Return what is wrong with the page at this width of the window, in words."""
    assert page.viewport_size
    page.set_viewport_size({"width": width, "height": page.viewport_size["height"]})
    return [f"{width}: {each}" for each in page.evaluate(LOOK, [width, language == "ja"])]
