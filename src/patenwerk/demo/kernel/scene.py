"""Carriers, sites and vocabularies of the demo programme. The towns are real, the rest is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class SiteScene:
    """A site; ``weight`` is how large it is beside the others, ``network`` whom it matches with."""

    name: str
    town: str
    land: str
    postcode: str
    street: str
    weight: int
    network: str = ""


@dataclass(frozen=True, slots=True)
class CarrierScene:
    """A carrier with its sites."""

    name: str
    about: str
    sites: tuple[SiteScene, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """An entry of a vocabulary; focuses and phases have dates, phases a text,
    kinds of tandem how many are accompanied.
    """

    code: str
    german: str
    english: str
    starts_on: date | None = None
    ends_on: date | None = None
    text_german: str = ""
    text_english: str = ""
    most_mentees: int = 1


RUHR, SAXONY, FOREST = "Verbund Ruhr", "Verbund Leipzig und Halle", "Verbund Nordküste"

CARRIERS = (
    CarrierScene(
        "Brückenbogen e. V.",
        "Ankommen, bleiben, mitreden: Tandems für junge Menschen und ihre Familien.",
        (
            SiteScene("Leipzig-Lindenau", "Leipzig", "SN", "04177", "Sternwartenweg 7", 30, SAXONY),
            SiteScene("Leipzig-Ost", "Leipzig", "SN", "04315", "Lerchenplatz 2", 14, SAXONY),
            SiteScene("Halle", "Halle (Saale)", "ST", "06108", "Saaletreppe 11", 9, SAXONY),
            SiteScene("Dresden", "Dresden", "SN", "01067", "Uferbogen 3", 9),
            SiteScene("Erfurt", "Erfurt", "TH", "99084", "Holunderhof 5", 6),
        ),
    ),
    CarrierScene(
        "Hafenlichter Stiftung",
        "Patenschaften an der Küste, mit viel Wind und langem Atem.",
        (
            SiteScene("Hamburg-Hafen", "Hamburg", "HH", "20457", "Lotsensteg 1", 16, FOREST),
            SiteScene("Kiel", "Kiel", "SH", "24103", "Möwenkai 4", 7, FOREST),
            SiteScene("Rostock", "Rostock", "MV", "18055", "Speichergang 9", 6),
            SiteScene("Bremen", "Bremen", "HB", "28195", "Schlachtbogen 12", 5),
        ),
    ),
    CarrierScene(
        "Patennetz Lindenau",
        "Ein Netz aus Nachbarschaften in der Mitte und im Osten.",
        (
            SiteScene("Berlin-Neukölln", "Berlin", "BE", "12043", "Fliederzeile 8", 18),
            SiteScene("Berlin-Wedding", "Berlin", "BE", "13347", "Panketreppe 6", 10),
            SiteScene("Potsdam", "Potsdam", "BB", "14467", "Weidenufer 2", 5),
            SiteScene("Magdeburg", "Magdeburg", "ST", "39104", "Domfelderweg 15", 4),
        ),
    ),
    CarrierScene(
        "Nebenan & Miteinander",
        "Nachbarinnen und Nachbarn begleiten, wer neu im Viertel ist.",
        (
            SiteScene("Essen", "Essen", "NW", "45127", "Zechenring 21", 12, RUHR),
            SiteScene("Dortmund", "Dortmund", "NW", "44135", "Nordlichtgasse 3", 11, RUHR),
            SiteScene("Hannover", "Hannover", "NI", "30159", "Lindenmarkt 14", 8),
            SiteScene("Kassel", "Kassel", "HE", "34117", "Fuldabogen 6", 5),
            SiteScene("Frankfurt", "Frankfurt am Main", "HE", "60311", "Mainuferweg 18", 9),
        ),
    ),
    CarrierScene(
        "Zweiklang Jugendhilfe",
        "Ein junger Mensch, ein erwachsener Mensch: zwei Stimmen, ein Weg in den Beruf.",
        (
            SiteScene("Köln", "Köln", "NW", "50667", "Rheinklangstraße 5", 13),
            SiteScene("Mainz", "Mainz", "RP", "55116", "Rebenhof 7", 5),
            SiteScene("Saarbrücken", "Saarbrücken", "SL", "66111", "Saarstaden 10", 4),
        ),
    ),
    CarrierScene(
        "Lesezeichen Bund",
        "Vorlesen, lesen lernen, weiterlesen: Tandems rund um Bücher und Schule.",
        (
            SiteScene("München-Giesing", "München", "BY", "81539", "Bücherbergl 2", 9),
            SiteScene("Nürnberg", "Nürnberg", "BY", "90402", "Blätterhof 9", 6),
            SiteScene("Stuttgart", "Stuttgart", "BW", "70173", "Seitenstäffele 4", 7),
        ),
    ),
)
"""24 sites in all 16 Länder. The first site is the one the demo's first coordinator works at."""

NETWORKS = (RUHR, SAXONY, FOREST)

SUPPORT_FIELDS = (
    Word("sprache", "Sprache", "Language"),
    Word("schule", "Schule", "School"),
    Word("ausbildung", "Ausbildung und Beruf", "Training and work"),
    Word("alltag", "Alltag", "Everyday life"),
    Word("behoerden", "Behörden", "Public offices"),
    Word("freizeit", "Freizeit", "Leisure"),
    Word("elternschaft", "Elternschaft", "Being parents"),
    Word("gesundheit", "Gesundheit", "Health"),
)

KINDS = (
    Word("chancenpatenschaft", "Chancenpatenschaft", "Tandem of chances"),
    Word("impulspatenschaft", "Impulspatenschaft", "Tandem of impulses"),
    Word("gruppenpatenschaft", "Gruppenpatenschaft", "Group tandem", most_mentees=5),
)

PHASES = (
    Word(
        "ankommen",
        "Ankommen",
        "Arriving",
        date(2016, 1, 1),
        None,
        "Patenschaften für Menschen, die nach Deutschland geflüchtet sind. Die ersten Träger.",
        "Tandems for people who have fled to Germany. The first carriers.",
    ),
    Word(
        "chancen",
        "Chancen",
        "Chances",
        date(2018, 1, 1),
        None,
        "Chancenpatenschaften für alle, denen Teilhabe schwer gemacht wird, woher sie auch kommen.",
        "Tandems for everybody who is kept from taking part, wherever they come from.",
    ),
    Word(
        "abstand",
        "Abstand",
        "Distance",
        date(2020, 3, 1),
        date(2021, 12, 31),
        "Corona. Tandems treffen sich am Telefon, am Fenster, im Park. Viele bleiben zusammen.",
        "Covid. Tandems meet on the phone, at the window, in the park. Many stay together.",
    ),
    Word(
        "ukraine",
        "Ukraine",
        "Ukraine",
        date(2022, 3, 1),
        None,
        "In wenigen Monaten entstehen viele Tandems mit Menschen aus der Ukraine.",
        "Within a few months many tandems with people from Ukraine begin.",
    ),
)
FOCUSES = PHASES
"""Each phase of the programme's history opened a focus of its own."""
