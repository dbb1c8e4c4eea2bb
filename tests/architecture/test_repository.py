"""The repository speaks of the product alone, and is locked as it says."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
FOREIGN = {
    "a folder of one machine": re.compile(
        r"(?<![\w.\-/}])/(?:root|home/\w+|Users/\w+|work|private/tmp)/\w"
    ),
    "a package host": re.compile(r"https?://[\w.-]*(?:pypi|pythonhosted)[\w.-]*/"),
    "a number of a tracker": re.compile(r"\b(?:issue|ticket|pull request)s? #?\d", re.IGNORECASE),
    "a leftover": re.compile(r"\b(?:TODO|FIXME|HACK|lorem ipsum)\b"),
}
LOCKED = re.compile(r"^([\w.-]+)==([\w.]+)( ; [^\\]+)? \\$", re.MULTILINE)


def tracked() -> list[Path]:
    """Every text file of the repository except the one that names what it forbids."""
    git = shutil.which("git")
    if git is None:
        pytest.skip("no git: the files of a release were looked at before it was made")
    listed = subprocess.run(
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("no git: the files of a release were looked at before it was made")
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and path != Path(__file__)]


def foreign_in(text: str) -> set[str]:
    return {what for what, pattern in FOREIGN.items() if pattern.search(text)}


def test_the_repository_speaks_of_the_product_alone() -> None:
    found = {}
    for path in tracked():
        try:
            what = foreign_in(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            continue
        if what:
            found[str(path.relative_to(ROOT))] = what
    assert found == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see /root/notes", {"a folder of one machine"}),
        ('open("/home/anna/list.csv")', {"a folder of one machine"}),
        ("<script src=/static/work/a.js>", set()),
        ("https://pypi.org/simple", {"a package host"}),
        ("as issue 7 says", {"a number of a tracker"}),
        ("# TODO later", {"a leftover"}),
        ("/etc/patenwerk/env", set()),
    ],
)
def test_foreign_words_are_seen(text: str, found: set[str]) -> None:
    assert foreign_in(text) == found


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_locked_requirements_match_what_is_asked_for(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = list(project["project"]["dependencies"])
    if name == "requirements-dev.txt":
        asked += project["dependency-groups"]["dev"]
    text = (ROOT / name).read_text()
    locked: dict[str, list[str]] = {}
    for package, version, _marker in LOCKED.findall(text):
        locked.setdefault(canonicalize_name(package), []).append(version)
    wrong = [
        line
        for line in asked
        for requirement in [Requirement(line)]
        for versions in [locked.get(canonicalize_name(requirement.name), [])]
        if not versions or not all(requirement.specifier.contains(v) for v in versions)
    ]
    assert wrong == []
    blocks = re.split(r"\n(?=[\w.-]+==)", text)
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_both_requirement_files_agree() -> None:
    one, other = (
        {(name, version) for name, version, _ in LOCKED.findall((ROOT / file).read_text())}
        for file in ("requirements.txt", "requirements-dev.txt")
    )
    assert one - other == set()
