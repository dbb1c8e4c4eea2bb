"""Somebody at a page: with a mouse or finger, or with nothing but a keyboard.

Both offer the same few movements, so that one story is told by several pairs of hands. Every
movement counts as one action. Each page that is reached is looked at: nothing may stick out
sideways, and no answer may be a server's error.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from django.utils import translation
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.journeys.looks import once

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

STICKS_OUT = """() => {
  const root = document.documentElement, room = root.clientWidth;
  if (root.scrollWidth <= room) return [];
  const clipped = (e) => {
    for (let p = e.parentElement; p && p !== root; p = p.parentElement)
      if (getComputedStyle(p).overflowX !== 'visible') return true;
    return false;
  };
  return ['page ' + root.scrollWidth + ' > ' + room].concat(
    [...document.body.querySelectorAll('*')].filter((e) => {
      const box = e.getBoundingClientRect();
      return box.width && (box.right > room + 1 || box.left < -1) && !clipped(e);
    }).slice(-4).map((e) => e.outerHTML.slice(0, 160)));
}"""
WIDTHS = ((1280, 800), (360, 740))
Light = Literal["light", "dark"]
LIGHTS: tuple[Light, ...] = ("light", "dark")
MOST_TABS = 400


def sticks_out(page: Page) -> list[str]:
    """What is wider than the window; empty where the page fits. Waits for its styles first."""
    page.wait_for_load_state()
    found: list[str] = page.evaluate(STICKS_OUT)
    return found


def bring_axe(page: Page) -> None:
    """Have axe in every document this page opens from now on: it is half a megabyte, which the
    browser then keeps. Where it is missing all the same, :func:`problems` sends it.
    """
    page.add_init_script(AXE_SCRIPT)


def problems(page: Page, *, colours: bool = False) -> list[str]:
    """What axe finds, one line per rule and part; ``colours``: by the rules about these alone."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    # Nothing here plays by itself; fetching every style once more for that rule takes a third.
    options: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
    if colours:
        # By their names: by their tag the rules would come that axe leaves out by itself.
        options["runOnly"] = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
    found = page.evaluate("options => axe.run(options).then(all => all.violations)", options)
    return [
        f"{rule['id']}: {node['html'][:160]} ({node['failureSummary'][:200]})"
        for rule in found
        for node in rule["nodes"][:3]
    ]


def look_at(page: Page, where: str, *, sent: bool = False) -> list[str]:
    """One page in all widths and both lights: by all rules wide in the light and narrow in the
    dark, by those about colours in the other two, for nothing else changes with the light.

    Sent empty it is the same page with a few sentences more, looked at in the first two.
    """
    kind = "in all lights" if not sent else "sent empty"
    return once(page, kind, lambda: _look_at(page, where, LIGHTS if not sent else ()))


def _look_at(page: Page, where: str, lights: tuple[Light, ...]) -> list[str]:
    found = []
    for (width, height), own in zip(WIDTHS, LIGHTS, strict=True):
        page.set_viewport_size({"width": width, "height": height})
        for light in lights or (own,):
            page.emulate_media(color_scheme=light)
            seen = problems(page, colours=light != own)
            found += [f"{where} {width} {light}: {line}" for line in seen]
        for direction in ("rtl", "ltr"):
            page.evaluate("to => { document.documentElement.dir = to }", direction)
            found += [f"{where} {width} {direction}: {line}" for line in sticks_out(page)]
    return found


class Hands:
    """A mouse or a finger."""

    language = "de"

    def __init__(self, page: Page) -> None:
        self.page = page
        self.actions = 0

    def open(self, address: str) -> None:
        """Begin at an address, as from a bookmark."""
        self.page.goto(address)
        self.look()

    def look(self) -> None:
        """What holds on every page."""
        assert sticks_out(self.page) == [], self.page.url
        heading = self.page.locator("h1")
        assert heading.count() == 1, f"{self.page.url}: {heading.count()} headings of the page"

    def tap(self, target: Locator) -> None:
        """Touch something that stays on this page: a box, a reveal."""
        self.actions += 1
        self._touch(target)

    def follow(self, target: Locator) -> None:
        """Touch something that leads to another page: a link, a form's button."""
        self.actions += 1
        with self.page.expect_navigation() as reached:
            self._touch(target)
        answer: Any = reached.value  # none for a place on the same page
        status = answer.status if answer is not None else 200
        assert status < 400 or status == 422, (self.page.url, status)
        self.look()

    def type(self, target: Locator, text: str) -> None:
        """Write into a field, over what stands there."""
        self.actions += 1
        target.fill(text)

    def day(self, target: Locator, iso: str) -> None:
        """Say a date."""
        self.type(target, iso)

    def choose(self, target: Locator, label: str) -> None:
        """Choose from a list that opens."""
        self.actions += 1
        target.select_option(label=label)

    def hand_over(self, target: Locator, file: Path) -> None:
        """Choose a file of this device."""
        self.actions += 1
        target.set_input_files(file)

    def field(self, label: str) -> Locator:
        """A field by its whole label; »(Pflichtfeld)« and the like may follow."""
        label = re.escape(self.word(label))
        return self.page.get_by_label(re.compile(rf"^\s*{label}\s*(\(|:|$)", re.IGNORECASE))

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=self.word(name), exact=True)

    def link(self, name: str) -> Locator:
        return self.page.get_by_role("link", name=self.word(name), exact=True)

    def word(self, text: str) -> str:
        """A source sentence in the reader's language; anything else, such as German, is itself."""
        with translation.override(self.language):
            return translation.gettext(text)

    def reads(self, *texts: str) -> None:
        """All of them stand on the page."""
        page = " ".join(self.text().split())
        for text in texts:
            assert self.word(text) in page, f"{self.page.url}: »{text}« is not in »{page}«"

    def text(self) -> str:
        """All that is to be read in the page's own part."""
        return self.page.locator("main").inner_text()

    def _touch(self, target: Locator) -> None:
        target.click()


class Checking(Hands):
    """Looks at every page on its way with axe as well. Needs scripts: axe waits by timers."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        bring_axe(page)

    def look(self) -> None:
        super().look()
        found = once(self.page, "on the way", lambda: problems(self.page))
        assert not found, "\n".join([self.page.url, *found])


class Keys(Hands):
    """Tab, Enter, Space and arrows; letters and digits only for what is written."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        # Somebody listens all the time: a listener that comes with the key press may come after
        # it, and the browser then opens a window of its own that nobody answers.
        page.on("filechooser", lambda _chooser: None)

    def day(self, target: Locator, iso: str) -> None:
        self.actions += 1
        year, month, day = iso.split("-")
        # The order of the parts is the browser's own language's, whatever the page's is.
        for digits in (f"{day}{month}{year}", f"{month}{day}{year}"):
            self._reach(target)
            self.page.keyboard.type(digits)
            if target.input_value() == iso:
                return
            while target.evaluate("e => document.activeElement === e"):
                self.page.keyboard.press("Tab")
        raise AssertionError(f"no order of digits gives {iso}")

    def type(self, target: Locator, text: str) -> None:
        self.actions += 1
        self._reach(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, target: Locator, label: str) -> None:
        self.actions += 1
        self._reach(target)
        options = target.locator("option").all_inner_texts()
        wanted = [option.strip() for option in options].index(label)
        self.page.keyboard.press("Home")
        for _ in range(wanted):
            self.page.keyboard.press("ArrowDown")
        assert target.locator("option:checked").inner_text().strip() == label

    def hand_over(self, target: Locator, file: Path) -> None:
        self.actions += 1
        for _attempt in range(2):
            self._reach(target)
            try:
                with self.page.expect_file_chooser(timeout=5_000) as chooser:
                    self.page.keyboard.press("Enter")
            except PlaywrightTimeoutError:
                continue  # on a busy machine the browser opens its own window first
            chooser.value.set_files(file)
            return
        # The window is the browser's; what the page owes is that the keyboard comes this far.
        self._reach(target)
        target.set_input_files(file)

    def _touch(self, target: Locator) -> None:
        kind = target.evaluate("e => e.control?.type ?? e.type ?? ''")
        target = self._control(target)
        if kind == "radio":
            self._reach_radio(target)
        else:
            self._reach(target)
            self.page.keyboard.press("Space" if kind == "checkbox" else "Enter")

    def _control(self, target: Locator) -> Any:
        """The control of a label; anything else is itself."""
        return target.evaluate_handle("e => e.control ?? e").as_element()

    def _reach(self, target: Any) -> None:
        """Tab until it has the focus; a control nobody comes to fails here."""
        handle = target.element_handle() if hasattr(target, "element_handle") else target
        for _ in range(MOST_TABS):
            if self.page.evaluate("e => document.activeElement === e", handle):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"not reached by Tab: {handle.evaluate('e => e.outerHTML')[:200]}")

    def _reach_radio(self, handle: Any) -> None:
        """Tab to its group, then arrows; Space where it has the focus unchosen."""
        group = """e => { const a = document.activeElement;
          return a.type === 'radio' && a.name === e.name && a.form === e.form }"""
        for _ in range(MOST_TABS):
            if self.page.evaluate(group, handle):
                break
            self.page.keyboard.press("Tab")
        for _ in range(MOST_TABS):
            if self.page.evaluate("e => document.activeElement === e", handle):
                break
            self.page.keyboard.press("ArrowDown")
        if not handle.is_checked():
            self.page.keyboard.press("Space")
        assert handle.is_checked()
