"""Answers that come later than somebody's next tap."""

from playwright.sync_api import Page, Route


def hold(page: Page, address: str) -> list[Route]:
    """Hold back what a page asks for at this address from now on. Returns what is held, to be let go by the test."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route(address, keep)
    return held
