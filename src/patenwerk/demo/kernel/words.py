"""Where people come from, what they speak, what they like. All last names are invented."""

from __future__ import annotations

from dataclasses import dataclass

A2, B1, B2, C1, NATIVE = 2, 3, 4, 5, 7


@dataclass(frozen=True, slots=True)
class Background:
    """First names and languages that go together, and the focus mentees of it belong to.

    ``mentees`` and ``mentors`` are how often it is met on each side. ``languages`` are first
    languages and further ones with a level.
    """

    mentees: int
    mentors: int
    focus: str
    languages: tuple[tuple[str, int], ...]
    female: tuple[str, ...]
    male: tuple[str, ...]


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


BACKGROUNDS = (
    Background(
        24,
        5,
        "ankommen",
        (("ar", NATIVE), ("en", B1)),
        _names("Samira Amira Nour Layla Rima Hala Dima Salma Yasmin Rana Lina Aya Maha"),
        _names("Tarek Omar Khaled Yusuf Sami Bilal Nabil Anas Majd Hadi Karim Firas Ziad"),
    ),
    Background(
        17,
        3,
        "ukraine",
        (("uk", NATIVE), ("ru", C1), ("en", A2)),
        _names("Olena Oksana Daryna Iryna Sofiia Kateryna Yulia Nadiia Svitlana Marta Zlata"),
        _names("Danylo Artem Maksym Andrii Bohdan Taras Illia Mykola Roman Denys Nazar"),
    ),
    Background(
        14,
        2,
        "ankommen",
        (("fa", NATIVE), ("ps", B1)),
        _names("Leyla Zahra Parwin Farida Shirin Mina Nilofar Maryam Soraya Laila"),
        _names("Danyal Reza Habib Farhad Navid Jawad Mustafa Rahim Elyas Omid"),
    ),
    Background(
        7,
        1,
        "ankommen",
        (("ti", NATIVE), ("am", A2), ("en", A2)),
        _names("Selam Rahel Feven Senait Luwam Saba Helen Bethlehem"),
        _names("Tesfay Filmon Samuel Yonas Abel Robel Nahom Isaias"),
    ),
    Background(
        6,
        1,
        "ankommen",
        (("so", NATIVE), ("ar", A2)),
        _names("Hodan Ifrah Amal Nasra Sahra Ayan Fadumo"),
        _names("Abdi Liban Mahad Guled Yasin Warsame Ismail"),
    ),
    Background(
        8,
        6,
        "chancen",
        (("tr", NATIVE),),
        _names("Elif Zeynep Defne Ayşe Tuğba Nilgün Melek Sevgi Derya"),
        _names("Mehmet Cem Emre Deniz Kerem Volkan Murat Serkan Baran"),
    ),
    Background(
        5,
        2,
        "ankommen",
        (("ku", NATIVE), ("tr", B2), ("ar", A2)),
        _names("Hevin Rojin Berivan Zilan Nesrin Gulistan Aryn"),
        _names("Azad Rojhat Serhat Mirza Dilovan Siwan Alan"),
    ),
    Background(
        5,
        3,
        "chancen",
        (("pl", NATIVE), ("en", A2)),
        _names("Zofia Maja Kinga Alicja Weronika Hanna Ola"),
        _names("Kacper Paweł Jakub Tomasz Marek Szymon Adam"),
    ),
    Background(
        5,
        2,
        "chancen",
        (("ro", NATIVE), ("en", A2)),
        _names("Elena Ioana Andreea Mihaela Raluca Anca Alina"),
        _names("Matei Ion Andrei Radu Vlad Mircea Sorin"),
    ),
    Background(
        3,
        1,
        "chancen",
        (("vi", NATIVE),),
        _names("Linh Hương Mai Lan Thảo Ngọc"),
        _names("Minh Tuấn Quang Nam Đức Long"),
    ),
    Background(
        4,
        1,
        "ankommen",
        (("fr", C1), ("ff", NATIVE), ("en", A2)),
        _names("Aminata Fatou Mariama Awa Kadiatou Binta"),
        _names("Aliou Mamadou Ibrahim Gabriel Ousmane Moussa"),
    ),
    Background(
        20,
        73,
        "chancen",
        (("de", NATIVE),),
        _names(
            "Henrike Marlies Ruth Frieda Carla Jutta Ewa Hedwig Anneliese Birgit Renate Silke "
            "Katrin Ulrike Helga Dorothea Antje Wiebke Heike Christa Martina Gesine Nele Paula "
            "Mia Lotta Greta Ida Johanna Karoline Sabine Petra Monika Beate Gudrun Inge Merle"
        ),
        _names(
            "Bernd Jonas Lutz Jörg Stefan Günther Fritz Uwe Holger Rainer Klaus Dieter Matthias "
            "Torsten Björn Hannes Malte Ole Finn Emil Anton Konrad Arno Volker Hartmut Jürgen "
            "Wolfgang Norbert Achim Sven Carsten Eckhard Tilo Henning Ingo Ludwig Moritz"
        ),
    ),
)

NAME_BEGINS = _names(
    "Morgen Abend Silber Birken Linden Kiesel Feder Apfel Wiesen Regen Sonnen Hafer Korn Tannen "
    "Wind Stern Lerchen Mond Nebel Flieder Ginster Distel Brunnen Ufer Heide Moos Laub Tau "
    "Schilf Beeren Honig Wolken"
)
NAME_ENDS = _names(
    "stern see feld bach tal grund baum blum rose hagen stein pfeifer kamp quell wald zweig rot "
    "glanz weg lied"
)
SAID_LANGUAGES = (("en", B2), ("fr", B1), ("es", B1), ("ru", B1), ("en", C1), ("ar", A2))
"""What mentors who grew up with German may speak besides it."""

INTERESTS = (
    "Kochen", "Backen", "Schwimmen", "Fußball", "Lesen", "Garten", "Musik", "Singen", "Tanzen",
    "Zeichnen", "Fahrrad fahren", "Wandern", "Schach", "Brettspiele", "Museen", "Kino", "Theater",
    "Nähen", "Basketball", "Computerspiele", "Fotografieren", "Tiere", "Krimis", "Yoga", "Laufen",
    "Basteln", "Sprachen", "Technik", "Geschichte", "Gitarre",
)  # fmt: skip
DISLIKES = (
    "Hunde", "laute Musik", "frühes Aufstehen", "Fußball", "Museen", "Schwimmen", "Rauchen",
    "Kälte", "lange telefonieren", "Achterbahn", "volle Busse", "Unpünktlichkeit",
)  # fmt: skip
TOPICS = (
    "Hausaufgaben", "Deutsch geübt", "Bewerbung geschrieben", "Amt", "Schwimmbad", "Spaziergang",
    "Bibliothek", "gekocht", "Spielplatz", "Vorlesen", "Vokabeln", "Prüfung vorbereitet",
    "Stadt angesehen", "Tee und Gespräch", "Formular ausgefüllt", "Fahrrad repariert", "Museum",
    "Lebenslauf", "Sportverein besucht", "Mathe",
)  # fmt: skip
WHY = (
    "Beide sind ruhig und lachen gern.",
    "Sie wohnen im selben Viertel und haben am selben Nachmittag Zeit.",
    "Beide mögen Bücher und keine Eile.",
    "Der Berufsweg passt genau zu dem, was gesucht wird.",
    "Beide kochen gern und reden dabei.",
    "Die gemeinsame Sprache macht den Anfang leicht.",
    "Geduld auf der einen Seite, viele Fragen auf der anderen.",
    "Beide wollten jemanden für draußen.",
)
"""Why a coordinator chose the two, in one sentence."""
