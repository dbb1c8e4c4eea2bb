"""Each import contract bites: a small house like ours is kept, with one fault it is broken."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONFIGURATION = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS = {contract["id"]: contract["name"] for contract in CONFIGURATION["contracts"]}
APPS = [
    container.removeprefix("patenwerk.")
    for contract in CONFIGURATION["contracts"]
    for container in (contract["containers"] if contract["id"] == "rooms" else [])
]
ROOMS = [
    *["apps", "web", "receivers", "tasks", "domain", "queries", "policy", "models", "kernel"],
    *["events", "enums"],
]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Every app with every room, empty, and our contracts."""
    source = tmp_path / "src" / "patenwerk"
    for app in [*APPS, "config", "cli", "core"]:
        folder = source / app
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("")
        for room in ROOMS if app in APPS else ["web", "disclosure"]:
            (folder / f"{room}.py").write_text("")
    (source / "__init__.py").write_text("")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def verdicts(house: Path) -> dict[str, bool]:
    """What lint-imports says of each contract: kept or not."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.splitlines()
    found = {
        key: any(line.startswith(f"{name} KEPT") for line in lines)
        for key, name in CONTRACTS.items()
        if any(line.startswith(name) for line in lines)
    }
    assert found.keys() == CONTRACTS.keys(), done.stdout + done.stderr
    assert all(found.values()) == (done.returncode == 0)
    return found


def broken(house: Path) -> set[str]:
    return {key for key, kept in verdicts(house).items() if not kept}


def test_a_house_in_order_is_kept(house: Path) -> None:
    source = house / "src" / "patenwerk"
    (source / "config" / "urls.py").write_text("from patenwerk.people import web\n")
    (source / "people" / "web.py").write_text(
        "from patenwerk.core import web\nfrom patenwerk.people import domain\n"
    )
    (source / "matching" / "kernel.py").write_text("import numpy\n")
    assert broken(house) == set()


@pytest.mark.parametrize(
    ("place", "line", "expected"),
    [
        ("people/domain.py", "from patenwerk.tandems import domain", {"floors"}),
        ("audit/domain.py", "from patenwerk.jobs import domain", {"floors"}),
        ("core/clock.py", "from patenwerk.audit import domain", {"floors"}),
        ("demo/domain.py", "import patenwerk.cli", {"floors"}),
        ("people/domain.py", "from patenwerk.people import web", {"rooms"}),
        ("people/models.py", "from patenwerk.people import queries", {"rooms"}),
        ("people/enums.py", "from patenwerk.people import events", {"rooms"}),
        ("people/utils.py", "", {"rooms"}),
        ("shop/__init__.py", "", {"floors"}),
        ("tandems/web.py", "from patenwerk.people import web", {"doors"}),
        ("tandems/domain.py", "from patenwerk.people import tasks", {"doors"}),
        ("matching/kernel.py", "from django.db import models", {"kernel"}),
        ("core/disclosure.py", "import django", {"kernel"}),
        ("desk/queries.py", "from patenwerk.people import queries", {"desk"}),
    ],
)
def test_a_fault_breaks_its_contract(
    house: Path, place: str, line: str, expected: set[str]
) -> None:
    path = house / "src" / "patenwerk" / place
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{line}\n")
    assert broken(house) == expected


def test_a_kernel_does_not_reach_django_through_another_module(house: Path) -> None:
    source = house / "src" / "patenwerk"
    (source / "matching" / "kernel.py").write_text("from patenwerk.people import enums\n")
    (source / "people" / "enums.py").write_text("from django.db import models\n")
    assert broken(house) == {"kernel"}


def test_every_app_stands_under_the_contract_of_rooms() -> None:
    found = {path.parent.name for path in (ROOT / "src" / "patenwerk").glob("*/__init__.py")}
    assert found - {"config", "cli", "core"} <= set(APPS)
