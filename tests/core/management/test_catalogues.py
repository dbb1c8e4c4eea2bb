"""The catalogues: what is read, what is kept, what is refused."""

import gettext
from pathlib import Path

import pytest

from patenwerk.core.management import catalogues

PYTHON = """\
from django.utils.translation import gettext_lazy as _, ngettext, npgettext, pgettext
from django.utils.translation import (
    gettext as at_once,
    ngettext_lazy as counted,
)

NOW = at_once("Said at once")
MANY = counted("one %(n)s", "many %(n)s", "n")
TITLE = _("Tandems of %(site)s")
LONG = _(
    "first half "
    "second half"
)
IGNORED = _(TITLE)
def words(n: int) -> str:
    pgettext("month", "May")
    npgettext("people", "%(n)s left", "%(n)s left over", n)
    return ngettext("%(count)s person", "%(count)s people", n) % {"count": n}
"""
TEMPLATE = """\
{% load i18n %}{# _("not this") #}
      <p title='{% translate "Save" %}'>Don't (</p>
  {{ _("A constant")|upper }} {% button label=_("Go on") %}
{% translate "May" context "verb" %}
{% blocktranslate trimmed with name=person.name %}
    Hello
    {{ name }}, 100 %
{% endblocktranslate %}
{% blocktranslate count n=rows|length context "list" %}{{ n }} row{% plural %}
{{ n }} rows{% endblocktranslate %}
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    app = tmp_path / "shop"
    (app / "templates" / "shop").mkdir(parents=True)
    (app / "migrations").mkdir()
    (app / "__init__.py").write_text("")
    (app / "words.py").write_text(PYTHON)
    (app / "migrations" / "0001.py").write_text('_("never read")')
    (app / "templates" / "shop" / "page.html").write_text(TEMPLATE)
    return tmp_path


def test_reads_python_and_templates(source: Path) -> None:
    assert set(catalogues.strings_of(source / "shop")) == {
        ("", "Tandems of %(site)s"),
        ("", "first half second half"),
        ("", "Said at once"),
        ("", ("one %(n)s", "many %(n)s")),
        ("month", "May"),
        ("people", ("%(n)s left", "%(n)s left over")),
        ("", ("%(count)s person", "%(count)s people")),
        ("", "Save"),
        ("", "A constant"),
        ("", "Go on"),
        ("verb", "May"),
        ("", "Hello %(name)s, 100 %%"),
        ("list", ("%(n)s row", "\n%(n)s rows")),
    }


def test_names_the_template_that_cannot_be_read(source: Path) -> None:
    page = source / "shop" / "templates" / "shop" / "page.html"
    page.write_text("{% blocktranslate %}{% if x %}{% endif %}{% endblocktranslate %}")
    with pytest.raises(catalogues.UnreadableSource, match=r"page\.html"):
        catalogues.strings_of(source / "shop")


def test_update_keeps_translations_and_drops_obsolete_ones(source: Path) -> None:
    app = source / "shop"
    path = catalogues.catalogue_file(app, "de")
    assert catalogues.update(app, "de")
    text = path.read_text()
    assert "Date" not in text
    path.write_text(
        text.replace('msgid "Save"\nmsgstr ""', '# short\nmsgid "Save"\nmsgstr "Speichern"')
        + '\nmsgid "Gone"\nmsgstr "Weg"\n'
    )
    assert catalogues.update(app, "de")
    known = catalogues.read_catalogue(path, "de")
    assert known["", "Save"].string == "Speichern"
    assert known["", "Save"].user_comments == ["short"]
    assert ("", "Gone") not in known
    assert not catalogues.update(app, "de"), "a second run changes nothing"


def test_compiled_catalogue_answers(source: Path) -> None:
    app = source / "shop"
    path = catalogues.catalogue_file(app, "de")
    path.parent.mkdir(parents=True)
    path.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgid "%(count)s person"\nmsgid_plural "%(count)s people"\n'
        'msgstr[0] "eine Person"\nmsgstr[1] "%(count)s Menschen für"\n'
    )
    assert catalogues.compile_all(source) == [path]
    assert catalogues.compile_all(source) == []
    with path.with_suffix(".mo").open("rb") as file:
        translation = gettext.GNUTranslations(file)
    assert translation.ngettext("%(count)s person", "%(count)s people", 1) == "eine Person"
    assert translation.ngettext("%(count)s person", "%(count)s people", 2) == (
        "%(count)s Menschen für"
    )


@pytest.mark.parametrize(
    ("code", "entry", "why"),
    [
        ('_("Yes")', "", "not translated"),
        ('_("Yes")', 'msgid "Yes"\nmsgstr ""', "not translated"),
        ('_("Yes")', '#, fuzzy\nmsgid "Yes"\nmsgstr "Ja"', "marked fuzzy"),
        ("", 'msgid "Yes"\nmsgstr "Ja"', "no longer in the source"),
        ('_("%s of it")', 'msgid "%s of it"\nmsgstr "%s davon"', "placeholder without a name"),
        ('_("{} of it")', 'msgid "{} of it"\nmsgstr "{} davon"', "placeholder without a name"),
        (
            '_("by %(name)s")',
            'msgid "by %(name)s"\nmsgstr "von %(nam)s"',
            "other placeholders than the source",
        ),
        (
            '_("by %(name)s")',
            'msgid "by %(name)s"\nmsgstr "von jemand"',
            "other placeholders than the source",
        ),
        (
            'ngettext("%(n)s one", "%(n)s two", n)',
            'msgid "%(n)s one"\nmsgid_plural "%(n)s two"\nmsgstr[0] "eins"\nmsgstr[1] ""',
            "not translated",
        ),
    ],
)
def test_every_fault_is_found(tmp_path: Path, code: str, entry: str, why: str) -> None:
    app = tmp_path / "shop"
    app.mkdir()
    (app / "__init__.py").write_text(code)
    path = catalogues.catalogue_file(app, "de")
    path.parent.mkdir(parents=True)
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    path.write_text(header + entry + "\n")
    assert [fault.why for fault in catalogues.faults(app, "de")] == [why]
    assert catalogues.run(apps=[], check=True, compile_only=False, source=tmp_path) == 1


@pytest.mark.parametrize(
    ("code", "entry"),
    [
        ('_("50 % of {name}, {{}}")', 'msgid "50 % of {name}, {{}}"\nmsgstr "50 % von {name}"'),
        (
            'ngettext("%(n)s one", "%(n)s two", n)',
            'msgid "%(n)s one"\nmsgid_plural "%(n)s two"\nmsgstr[0] "eins"\nmsgstr[1] "%(n)s"',
        ),
    ],
)
def test_what_is_right_passes(tmp_path: Path, code: str, entry: str) -> None:
    app = tmp_path / "shop"
    app.mkdir()
    (app / "__init__.py").write_text(code)
    path = catalogues.catalogue_file(app, "de")
    path.parent.mkdir(parents=True)
    path.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n' + entry)
    assert catalogues.faults(app, "de") == []
    assert catalogues.run(apps=["shop"], check=True, compile_only=False, source=tmp_path) == 0


def test_unknown_app_is_refused(tmp_path: Path) -> None:
    assert catalogues.run(apps=["nowhere"], check=False, compile_only=False, source=tmp_path) == 2


def test_strings_outside_every_installed_app_are_named(source: Path) -> None:
    assert catalogues.stray_strings(source, ["other"]) == ["shop"]
    assert catalogues.stray_strings(source, ["shop"]) == []


def test_one_string_is_said_in_one_way_by_all_packages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Django puts all catalogues into one: one package's words would stand on another's pages."""
    for name, archive in (("files", "Archiv"), ("people", "Archivieren"), ("desk", "Archiv")):
        package = tmp_path / name
        package.mkdir()
        (package / "__init__.py").write_text('_("Archive"); pgettext("month", "May")')
        path = catalogues.catalogue_file(package, "de")
        path.parent.mkdir(parents=True)
        path.write_text(
            f'msgid "Archive"\nmsgstr "{archive}"\n\nmsgctxt "month"\nmsgid "May"\nmsgstr "Mai"\n'
        )
    found = catalogues.said_in_two_ways("de", tmp_path)
    assert [fault.words(tmp_path) for fault in found] == [
        "people/locale/de/LC_MESSAGES/django.po: said in another way in desk: 'Archive'"
    ]
    assert catalogues.run(apps=[], check=True, compile_only=False, source=tmp_path) == 1
    assert "said in another way in desk: 'Archive'" in capsys.readouterr().out
