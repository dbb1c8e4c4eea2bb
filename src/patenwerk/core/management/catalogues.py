"""Translations without system packages: read the strings, keep the catalogues, compile them.

Every package directly below ``patenwerk`` that holds translatable strings has its own catalogue,
``locale/<language>/LC_MESSAGES/django.po``. Source strings are English; German is always kept,
another language as soon as its folder exists. Needs no configured Django, so that it also works
while an app does not start.
"""

import argparse
import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parents[2]
"""The package ``patenwerk`` itself."""

ALWAYS = "de"

Key = tuple[str, str | tuple[str, str]]
"""Context (empty where there is none) and the source string, or both forms of it."""

_ONE, _TWO = (1,), (1, 2)
_IN_CONTEXT, _TWO_IN_CONTEXT = ((1, "c"), 2), ((1, "c"), 2, 3)
_FUNCTIONS: dict[str, tuple[int | tuple[int, str], ...]] = {
    "_": _ONE,
    "gettext": _ONE,
    "gettext_lazy": _ONE,
    "gettext_noop": _ONE,
    "ngettext": _TWO,
    "ngettext_lazy": _TWO,
    "pgettext": _IN_CONTEXT,
    "pgettext_lazy": _IN_CONTEXT,
    "npgettext": _TWO_IN_CONTEXT,
    "npgettext_lazy": _TWO_IN_CONTEXT,
}
_RENAMED = re.compile(rf"\b({'|'.join(_FUNCTIONS)}) as (\w+)")
"""A module may import one of them under a name of its own."""
_NAMED = re.compile(r"%\((\w+)\)|(?<!\{)\{([A-Za-z_]\w*)[^{}]*\}(?!\})")
_UNNAMED = re.compile(
    r"%[#0+-]*\d*(?:\.\d+)?[diouxXeEfFgGcrsa]|(?<!\{)\{\d*(?:[:!][^{}]*)?\}(?!\})"
)
_HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""


@dataclass(frozen=True)
class Fault:
    """One string that cannot be shown as it is: where, which one, and why."""

    place: Path
    string: str
    why: str

    def words(self, source: Path) -> str:
        return f"{self.place.relative_to(source)}: {self.why}: {self.string!r}"


class UnreadableSource(Exception):
    """A source file whose strings cannot be read; the message names file and reason."""


def strings_of(package: Path) -> dict[Key, list[str]]:
    """Every translatable string below ``package`` with the files it stands in, both sorted."""
    found: dict[Key, set[str]] = {}
    for path in sorted(package.rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            code = path.read_text(encoding="utf-8")
        elif path.suffix in {".html", ".txt"} and "templates" in path.relative_to(package).parts:
            code = _template_as_python(path)
        else:
            continue
        try:
            for key in _strings_in(code):
                found.setdefault(key, set()).add(path.relative_to(package).as_posix())
        except SyntaxError as problem:
            raise UnreadableSource(f"{path}: {problem}") from problem
    return {key: sorted(found[key]) for key in sorted(found, key=_order)}


def _template_as_python(path: Path) -> str:
    try:
        code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    except SyntaxError as problem:
        raise UnreadableSource(str(problem)) from problem
    # Text is blanked out, only calls are left; indentation would mean something to Python.
    return "\n".join(line.lstrip() for line in code.splitlines()) + "\n"


def _strings_in(code: str) -> Iterator[Key]:
    lines = io.BytesIO(code.encode())
    functions = dict(_FUNCTIONS)
    for name, own in _RENAMED.findall(code):
        functions[own] = _FUNCTIONS[name]
    found: Iterable[Any] = extract_python(lines, functions, [], {"encoding": "utf-8"})
    for _line, function, arguments, _comments in found:
        spec = functions[function]
        # One argument comes bare, several as a tuple; what is no plain string comes as None.
        given = arguments if isinstance(arguments, tuple) else (arguments,)
        strings = [given[place] for place in range(min(len(spec), len(given)))]
        if len(strings) < len(spec) or not all(isinstance(s, str) and s for s in strings):
            continue
        context = strings.pop(0) if isinstance(spec[0], tuple) else ""
        yield context, strings[0] if len(strings) == 1 else (strings[0], strings[1])


def _order(key: Key) -> tuple[str, str, str]:
    context, string = key
    singular, plural = (string, "") if isinstance(string, str) else string
    return singular, plural, context


def packages(source: Path = SOURCE) -> list[Path]:
    """The packages directly below ``source``, sorted by name."""
    return sorted(path.parent for path in source.glob("*/__init__.py"))


def languages_of(package: Path) -> list[str]:
    """The languages a package is translated to: German, and every other that has a folder."""
    folders = {path.parent.name for path in package.glob("locale/*/LC_MESSAGES")}
    return sorted({ALWAYS, *folders})


def catalogue_file(package: Path, language: str) -> Path:
    """The text catalogue of a package in one language."""
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


def read_catalogue(path: Path, language: str) -> dict[Key, Message]:
    """The entries of a catalogue; none where the file does not exist."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language, ignore_obsolete=True)
    return {_key(message): message for message in catalogue if message.id}


def _key(message: Message) -> Key:
    string = message.id
    return message.context or "", string if isinstance(string, str) else (string[0], string[1])


def update(package: Path, language: str) -> bool:
    """Write the catalogue anew: kept translations, new strings empty, obsolete ones gone.

    Nothing is guessed from similar strings. Returns whether the file changed.
    """
    strings = strings_of(package)
    path = catalogue_file(package, language)
    if not strings and not path.exists():
        return False
    known = read_catalogue(path, language)
    catalogue = Catalog(locale=language)
    for key, files in strings.items():
        context, string = key
        before = known.get(key)
        catalogue.add(
            string,
            string=before.string if before else None,
            locations=[(file, 0) for file in files],
            flags=[flag for flag in before.flags if flag == "fuzzy"] if before else (),
            user_comments=before.user_comments if before else (),
            context=context or None,
        )
    content = io.BytesIO()
    write_po(content, catalogue, width=100, omit_header=True, include_lineno=False)
    plural = get_plural(language).plural_forms
    text = _HEADER.format(language=language, plural=plural).encode() + content.getvalue()
    if path.exists() and path.read_bytes() == text:
        return False
    _replace(path, text)
    return True


def compile_catalogue(path: Path, language: str) -> bool:
    """Compile one text catalogue where the compiled one is older; returns whether it did."""
    compiled = path.with_suffix(".mo")
    if compiled.exists() and compiled.stat().st_mtime >= path.stat().st_mtime:
        return False
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language, ignore_obsolete=True)
    content = io.BytesIO()
    write_mo(content, catalogue)
    _replace(compiled, content.getvalue())
    return True


def compile_all(source: Path = SOURCE) -> list[Path]:
    """Compile every catalogue below ``source`` that changed; returns those."""
    return [
        path
        for package in packages(source)
        for path in sorted(package.glob("locale/*/LC_MESSAGES/django.po"))
        if compile_catalogue(path, path.parents[1].name)
    ]


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)


def faults(package: Path, language: str) -> list[Fault]:
    """What keeps a package from being complete in one language.

    Missing, fuzzy and obsolete entries, placeholders without a name in the source string, and
    translations whose placeholders are not those of the source string.
    """
    path = catalogue_file(package, language)
    known = read_catalogue(path, language)
    strings = strings_of(package)
    found = [
        Fault(package / files[0], _shown(key), "placeholder without a name")
        for key, files in strings.items()
        if any(_UNNAMED.search(form.replace("%%", "")) for form in _forms(key[1]))
    ]
    for key in strings:
        why = _fault_of(key, known.get(key))
        if why:
            found.append(Fault(path, _shown(key), why))
    found.extend(
        Fault(path, _shown(key), "no longer in the source") for key in known if key not in strings
    )
    return found


def said_in_two_ways(language: str, source: Path = SOURCE) -> list[Fault]:
    """Strings that two packages translate differently: Django puts all catalogues into one, so one
    of the two would be seen in the other's place. What means something else needs a context.
    """
    first: dict[Key, tuple[Path, list[str]]] = {}
    found = []
    for package in packages(source):
        path = catalogue_file(package, language)
        for key, message in read_catalogue(path, language).items():
            said = _forms(message.string)
            before, other = first.setdefault(key, (path, said))
            if said != other:
                why = f"said in another way in {before.relative_to(source).parts[0]}"
                found.append(Fault(path, _shown(key), why))
    return found


def _fault_of(key: Key, message: Message | None) -> str:
    translations = [] if message is None else _forms(message.string)
    if message is None or not translations or not all(translations):
        return "not translated"
    if message.fuzzy:
        return "marked fuzzy"
    forms = _forms(key[1])
    allowed = {name for form in forms for name in _placeholders(form)}
    for translation in translations:
        names = _placeholders(translation)
        # A form for one may leave out the number; a simple string has to say everything.
        if names - allowed or (len(forms) == 1 and names != allowed):
            return "other placeholders than the source"
    return ""


def _forms(string: Any) -> list[str]:
    return [string] if isinstance(string, str) else list(string or ())


def _placeholders(text: str) -> set[str]:
    return {percent or brace for percent, brace in _NAMED.findall(text.replace("%%", ""))}


def _shown(key: Key) -> str:
    return _forms(key[1])[0]


def stray_strings(source: Path, installed: Iterable[str]) -> list[str]:
    """Packages that hold strings although Django reads no catalogue of theirs."""
    names = set(installed)
    return [p.name for p in packages(source) if p.name not in names and strings_of(p)]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command, the same with and without Django."""
    parser.add_argument("app", nargs="*", help="only these apps")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="write nothing, fail on a gap")
    what.add_argument("--compile", action="store_true", help="only compile what changed")


def run(*, apps: list[str], check: bool, compile_only: bool, source: Path = SOURCE) -> int:
    """Do what the command says and print it; returns the exit code."""
    unknown = sorted(set(apps) - {package.name for package in packages(source)})
    if unknown:
        print(f"No such app: {', '.join(unknown)}", file=sys.stderr)
        return 2
    if compile_only:
        print(f"{len(compile_all(source))} catalogues compiled")
        return 0
    chosen = [package for package in packages(source) if not apps or package.name in apps]
    pairs = [(package, language) for package in chosen for language in languages_of(package)]
    try:
        if not check:
            for package, language in pairs:
                if update(package, language):
                    print(f"written: {catalogue_file(package, language).relative_to(source)}")
        found = [fault for package, language in pairs for fault in faults(package, language)]
        for language in sorted({language for _package, language in pairs}):
            found += said_in_two_ways(language, source)
    except UnreadableSource as problem:
        print(problem, file=sys.stderr)
        return 1
    if not check:
        print(f"{len(compile_all(source))} catalogues compiled")
    for fault in found:
        print(fault.words(source))
    print(f"{len(found)} strings are not right yet" if found else "every string is translated")
    return 1 if found and check else 0


def main() -> int:
    """``python -m patenwerk.core.management.catalogues``."""
    parser = argparse.ArgumentParser(prog="messages", description=__doc__)
    add_arguments(parser)
    given = parser.parse_args()
    return run(apps=given.app, check=given.check, compile_only=given.compile)


if __name__ == "__main__":
    raise SystemExit(main())
