"""Reads lists that draw only what is in sight: scrolls through them as a person would.

It must not know what the lists hold.
"""

from __future__ import annotations

from playwright.sync_api import Locator, expect

_SCROLLER = """element => {
  while (element && getComputedStyle(element).overflowY !== 'auto') element = element.parentElement;
  return element;
}"""
_READ = """(items, number) => items.map(item => [
  Number(item.getAttribute(number)), item.innerText.split('\\n').map(line => line.trim())])"""


def read_all(
    items: Locator, owner: Locator, number: str, first: int, count: int
) -> list[list[str]]:
    """The lines of each item, in order. `number` is the attribute with an item's place."""
    scroller = owner.evaluate_handle(_SCROLLER)
    found: dict[int, list[str]] = {}
    scroller.evaluate("element => element.scrollTo({top: 0})")
    while len(found) < count:
        wanted = first + len(found)
        expect(owner.locator(f"[{number}='{wanted}']")).to_have_count(1)
        expect(owner.locator("[aria-label=Loading]")).to_have_count(0)
        found |= dict(items.evaluate_all(_READ, number))
        assert wanted in found, f"{wanted} is missing in {sorted(found)}"
        scroller.evaluate("element => element.scrollBy({top: element.clientHeight - 100})")
    return [found[place] for place in sorted(found)]
