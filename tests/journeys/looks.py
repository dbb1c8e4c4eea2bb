"""What one run has looked at and found good, so that its second database need not look again.

Both databases should draw the same page. Where they do, to the last letter, axe would say the same;
where they do not, the page is looked at like any other. A run says by ``PATENWERK_LOOKS`` in which
folder it notes what it found good (``.ci/run`` begins with an empty one); without it everything is
looked at every time.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.staticfiles import finders

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: All a style or axe can tell one state of a page from another by: the document, what stands in
#: its fields, what its elements are at this moment, the window and its light.
AS_IT_STANDS = """() => {
  const all = [...document.querySelectorAll('*')];
  const states = ['hover', 'active', 'focus', 'focus-visible', 'target', 'checked', 'invalid',
    'user-invalid', 'indeterminate', 'placeholder-shown', 'modal', 'popover-open'];
  return JSON.stringify([
    document.documentElement.outerHTML,
    all.filter((e) => 'value' in e && e.type !== 'hidden').map((e) => String(e.value)),
    states.map((state) => all.flatMap((e, i) => e.matches(':' + state) ? [i] : [])),
    all.flatMap((e, i) => e.scrollTop || e.scrollLeft ? [[i, e.scrollTop, e.scrollLeft]] : []),
    innerWidth, innerHeight, matchMedia('(prefers-color-scheme: dark)').matches,
  ]);
}"""
#: What is new with every answer and is never drawn, in the document as JSON writes it.
NEW_EACH_TIME = re.compile(r'(name=\\"(?:csrfmiddlewaretoken|form_key)\\" value=\\")[^"\\]*')


def once(page: Page, kind: str, look: Callable[[], list[str]]) -> list[str]:
    """What a look of this kind finds at a page; nothing, where the very same was found good."""
    folder = os.environ.get("PATENWERK_LOOKS")
    if not folder:
        return look()
    note = Path(folder) / fingerprint(page, kind)
    if note.exists():
        return []
    found = look()
    if not found:
        note.parent.mkdir(parents=True, exist_ok=True)
        note.touch()
    return found


def fingerprint(page: Page, kind: str) -> str:
    """A hash of all that a look of this kind depends on, the page as it stands among it."""
    browser = page.context.browser
    address = urlsplit(page.url)
    stands: str = page.evaluate(AS_IT_STANDS)
    stands = NEW_EACH_TIME.sub(r"\1", stands).replace(f"{address.scheme}://{address.netloc}", "")
    looked_with = [kind, browser.version if browser else "", _around()]
    return hashlib.sha256(json.dumps([*looked_with, stands]).encode()).hexdigest()


@functools.cache
def _around() -> str:
    """A hash of what stands in no document: styles, scripts, pictures, axe, and how it is asked."""
    digest = hashlib.sha256(AXE_SCRIPT.encode())
    digest.update(Path(__file__).with_name("hands.py").read_bytes())
    for finder in finders.get_finders():
        for name, storage in sorted(finder.list([]), key=lambda entry: str(entry[0])):
            digest.update(name.encode())
            with storage.open(name) as file:
                digest.update(file.read())
    return digest.hexdigest()
