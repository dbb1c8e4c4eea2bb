"""All releases of a programme as a reader of the files gets them."""

from __future__ import annotations

import json
from typing import Any

from patenwerk.core.disclosure.ledger import Ledger
from patenwerk.core.disclosure.protection import protect
from tests.core.disclosure.programmes import Programme


def exported(programme: Programme, *, partners: bool = True) -> list[dict[str, Any]]:
    """Every release, one after another, as it is read back from its file."""
    ledger, files = None, []
    for release, figures in programme.releases:
        done = protect(figures, release=release, ledger=ledger, partners=partners)
        ledger = Ledger.from_json(json.loads(json.dumps(done.ledger.to_json())))
        files.append(json.loads(json.dumps(done.publication.to_json())))
    return files
