"""What the carriers of the demo talked about, decided and promised since 2016. All invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Topic:
    """One item of an agenda with what the minutes say. ``months`` is the time for the promise.

    ``is_joint`` makes the promise an activity of several carriers.
    """

    title: str
    said: str
    decision: str = ""
    grounds: str = ""
    promise: str = ""
    months: int = 3
    is_joint: bool = False


TOPICS = (
    Topic(
        "Wartezeiten vor dem ersten Treffen",
        "An vielen Standorten warten Mentees länger als acht Wochen. Wer früh einen Anruf bekommt, "
        "springt seltener ab.",
        "Wer sich meldet, wird innerhalb von zwei Wochen angerufen.",
        "Lange Stille am Anfang ist der häufigste Grund für Absagen.",
        "Eine Vorlage für den ersten Anruf schreiben und an alle schicken.",
        2,
    ),
    Topic(
        "Führungszeugnisse ohne Umwege",
        "Die Wege zum Führungszeugnis unterscheiden sich von Stadt zu Stadt. Ein gemeinsames "
        "Anschreiben mit Gebührenbefreiung spart Rückfragen.",
        "Alle Träger nutzen dasselbe Anschreiben an die Meldebehörde.",
        "Einheitliche Schreiben werden schneller bearbeitet.",
        "Das Anschreiben von der Rechtsberatung prüfen lassen.",
        3,
    ),
    Topic(
        "Abschied gut gestalten",
        "Viele Patenschaften hören auf, ohne dass jemand Tschüss sagt. Ein kleines Ritual hilft "
        "beiden Seiten.",
        "Jede Patenschaft bekommt ein Abschlussgespräch mit der Koordination.",
        "Ein guter Abschluss macht eine neue Patenschaft wahrscheinlicher.",
        "Drei Abschiedsrituale aus der Praxis sammeln.",
        4,
        is_joint=True,
    ),
    Topic(
        "Leichte Sprache im Erstgespräch",
        "Die Bögen sind zu lang und zu schwer. Zwei Standorte haben gekürzt und gute Erfahrungen "
        "gemacht.",
        "Der Aufnahmebogen wird auf zwei Seiten gekürzt und in Leichte Sprache übertragen.",
        "Was niemand versteht, füllt niemand richtig aus.",
        "Einen Entwurf in Leichter Sprache vorlegen.",
        3,
    ),
    Topic(
        "Ehrenamtliche gewinnen, wenn alle müde sind",
        "Mundpropaganda bringt die meisten Menschen. Stände auf Festen kosten viel und bringen "
        "wenig.",
        "",
        "",
        "Gemeinsam eine Woche der offenen Tür an allen Standorten vorbereiten.",
        6,
        is_joint=True,
    ),
    Topic(
        "Schutzkonzept in einer Stunde",
        "Neue Koordinierende kennen das Schutzkonzept oft nur vom Hörensagen. Eine kurze Schulung "
        "im ersten Monat fehlt.",
        "Wer neu koordiniert, wird im ersten Monat zum Schutzkonzept geschult.",
        "Sicherheit darf nicht vom Zufall abhängen.",
        "Eine Schulung von einer Stunde ausarbeiten und zweimal halten.",
        4,
    ),
    Topic(
        "Zahlen, die helfen",
        "Die Träger zählen Treffen verschieden. Wer gruppenweise arbeitet, kommt schlechter weg, "
        "als es ist.",
        "Ein Gruppentreffen zählt einmal, die Zahl der Menschen steht daneben.",
        "Nur was alle gleich zählen, lässt sich vergleichen.",
        "Ein Beispielblatt zum Zählen von Gruppen erstellen.",
        2,
    ),
    Topic(
        "Nähe und Grenzen",
        "Geschenke, Geld und Übernachtungen sind die häufigsten Fragen an die Koordination.",
        "Bargeld wird nicht verliehen und nicht verschenkt; das steht in der Vereinbarung.",
        "Geld verändert die Beziehung und lässt sich kaum zurücknehmen.",
        "Den Absatz für die Vereinbarung formulieren.",
        2,
    ),
    Topic(
        "Gemeinsamer Aktionstag",
        "Ein gemeinsamer Tag macht die Arbeit sichtbar. Jeder Standort zeigt, was er ohnehin tut.",
        "Der Aktionstag findet jedes Jahr am zweiten Samstag im Juni statt.",
        "Ein fester Tag lässt sich langfristig planen.",
        "Plakate und eine Anleitung für die Standorte bereitstellen.",
        5,
        is_joint=True,
    ),
    Topic(
        "Dolmetschen am Telefon",
        "Telefondolmetschen ist teuer und doch billiger als ein Missverständnis.",
        "",
        "",
        "Angebote von drei Dolmetschdiensten einholen.",
        2,
    ),
    Topic(
        "Begleitung in den ersten Wochen",
        "Zwei Kontakte im ersten Monat reichen, wenn sie verabredet sind. Danach genügt einer im "
        "Monat.",
        "Im ersten Monat spricht die Koordination zweimal mit beiden Seiten.",
        "Die meisten Abbrüche fallen in die ersten sechs Wochen.",
        "Einen Leitfaden für die beiden Gespräche entwerfen.",
        3,
    ),
    Topic(
        "Datenschutz im Alltag",
        "Listen liegen noch immer in gemeinsamen Ordnern. Niemand weiß, wer sie zuletzt geöffnet "
        "hat.",
        "Personenlisten werden nicht mehr per E-Mail verschickt.",
        "Ein verschickter Anhang lässt sich nicht zurückholen.",
        "Eine Anleitung zum Löschen alter Listen schreiben.",
        3,
    ),
    Topic(
        "Übergang von der Schule in die Ausbildung",
        "Mentees fragen nach Praktika und Bewerbungen. Betriebe sind offen, brauchen aber einen "
        "Ansprechpartner.",
        "",
        "",
        "Eine Liste von Betrieben je Region anlegen.",
        6,
        is_joint=True,
    ),
    Topic(
        "Patenschaften mit Familien",
        "Eine Familie ist mehr als ein Mentee. Wer begleitet, braucht eine zweite Person im "
        "Rücken.",
        "Familien werden zu zweit begleitet, wenn sich zwei Menschen finden.",
        "Zu zweit trägt es sich leichter, und niemand fällt ganz aus.",
        "Erfahrungen mit zweien in einer Familie aufschreiben.",
        4,
    ),
    Topic(
        "Digitale Treffen",
        "Manche Tandems treffen sich am Bildschirm weiter. Das hält Kontakt, ersetzt aber kein "
        "Treffen.",
        "Ein Treffen am Bildschirm zählt, das erste Treffen findet immer vor Ort statt.",
        "Vertrauen entsteht, wenn man sich sieht.",
        "Gute Werkzeuge für Gespräche am Bildschirm vergleichen.",
        3,
    ),
    Topic(
        "Anerkennung, die ankommt",
        "Urkunden landen in der Schublade. Ein persönlicher Brief nach einem Jahr wird aufgehoben.",
        "Nach einem Jahr schreibt die Koordination einen persönlichen Brief.",
        "Ein Satz, der stimmt, wiegt mehr als eine Urkunde.",
        "",
    ),
    Topic(
        "Sprachniveaus verstehen",
        "A2 sagt wenig, wenn man sich nicht traut zu sprechen. Ein kurzes Gespräch hilft mehr als "
        "das Zertifikat.",
        "",
        "",
        "Fünf Fragen zusammenstellen, an denen man das Niveau erkennt.",
        2,
    ),
    Topic(
        "Wenn es still wird",
        "Bleiben Treffen aus, ist meist nicht Streit der Grund, sondern der Alltag. Ein Anruf nach "
        "vier Wochen löst vieles.",
        "Nach vier Wochen ohne Treffen ruft die Koordination an.",
        "Früh gefragt lässt sich fast alles klären.",
        "",
    ),
    Topic(
        "Vertretung und Übergabe",
        "Geht eine Koordination, geht das Wissen mit. Eine Übergabe von einer Woche fehlt fast "
        "überall.",
        "Jeder Standort benennt eine Vertretung.",
        "Menschen wechseln, Patenschaften sollen bleiben.",
        "Eine Checkliste für die Übergabe schreiben.",
        3,
    ),
    Topic(
        "Mentees entscheiden mit",
        "Bei der Auswahl werden Mentees selten gefragt. Zwei Standorte stellen vorher zwei Leute "
        "vor.",
        "",
        "",
        "Bericht über die Vorstellungsrunden geben.",
        5,
    ),
    Topic(
        "Kosten ehrlich rechnen",
        "Die Pauschale deckt die Begleitung nur, wenn Räume und Technik gestellt werden.",
        "Die Träger legen einmal im Jahr offen, was eine Patenschaft kostet.",
        "Über Geld lässt sich nur mit Zahlen reden.",
        "Ein Schema für die Kosten vorschlagen.",
        4,
    ),
    Topic(
        "Blick in die Kurzpublikation",
        "Der Entwurf zu den Fokusgruppen liegt vor. Die Beispiele überzeugen, die Ratschläge sind "
        "noch zu allgemein.",
        "Die Empfehlungen werden je eine Maßnahme und eine Zuständige haben.",
        "Was niemand tut, bleibt ein guter Satz.",
        "Die Empfehlungen überarbeiten.",
        2,
    ),
)

CONGRESSES = (
    "Ankommen zu zweit",
    "Vom Nebeneinander zum Miteinander",
    "Chancen sehen, Chancen nutzen",
    "Begleiten will gelernt sein",
    "Nah sein auf Abstand",
    "Was uns trägt",
    "Neu ankommen, weiter begleiten",
    "Gut verbunden",
    "Viele Sprachen, ein Gespräch",
    "Zehn Jahre zu zweit",
    "Zu zweit weiter",
)
"""Titles of the congresses since 2016, again from the start when they run out."""

WORKSHOPS = (
    ("Leichte Sprache im Erstgespräch", "Leichte Sprache"),
    ("Traumasensibel begleiten", "Trauma"),
    ("Schwierige Gespräche führen", "Gesprächsführung"),
    ("Freiwillige gewinnen und halten", "Freiwillige"),
    ("Kinderschutz konkret", "Kinderschutz"),
    ("Geld und Geschenke", "Nähe und Grenzen"),
)
FOCUS_GROUPS = ("Wie ein Tandem beginnt", "Wenn Tandems enden", "Begleiten mit wenig Zeit")
VENUES = (
    ("Speicher am Fluss", "Speichergang 1, Kranichhafen"),
    ("Alte Weberei", "Spulenweg 4, Lindental"),
    ("Haus der Nachbarn", "Am Markt 12, Erlenbrück"),
    ("Kulturkirche Sankt Vitus", "Domgasse 3, Birkenau am See"),
)


@dataclass(frozen=True, slots=True)
class ExpertScene:
    """Somebody in the directory of experts."""

    name: str
    organisation: str
    sector: str
    about: str
    topics: tuple[str, ...]


EXPERTS = (
    ExpertScene(
        "Dr. Ruth Wiesengrund",
        "Institut für Begegnung (erfunden)",
        "science",
        "Forscht dazu, was Tandems zusammenhält.",
        ("Wirkung", "Nähe und Grenzen"),
    ),
    ExpertScene(
        "Selma Taubenschlag",
        "Büro für Leichte Sprache (erfunden)",
        "civil_society",
        "Überträgt Formulare so, dass alle sie verstehen.",
        ("Leichte Sprache",),
    ),
    ExpertScene(
        "Henrik Moosbach",
        "Beratungsstelle Kompass (erfunden)",
        "civil_society",
        "Berät Koordinierende in schwierigen Gesprächen.",
        ("Trauma", "Gesprächsführung"),
    ),
    ExpertScene(
        "Amira Kornfeld",
        "Stadt Kranichhafen (erfunden)",
        "administration",
        "Leitet das Jugendamt und kennt den Kinderschutz von beiden Seiten.",
        ("Kinderschutz",),
    ),
    ExpertScene(
        "Piotr Silberweide",
        "Freiwilligenagentur Nordlicht (erfunden)",
        "civil_society",
        "Gewinnt Freiwillige, seit es dafür ein Wort gibt.",
        ("Freiwillige",),
    ),
    ExpertScene(
        "Johanna Reetmeer",
        "Handwerkskammer Küste (erfunden)",
        "business",
        "Bringt Betriebe und junge Menschen zusammen.",
        ("Ausbildung",),
    ),
)


_MONTHS = ((2, 6, 10), (2, 5, 9, 11), (1, 3, 6, 9, 11), (2, 5, 9, 11), (2, 6, 10))
"""Months of the network meetings: three to five a year, in turns."""

TOPICS_PER_MEETING = 3


def nth_thursday(year: int, month: int, nth: int) -> date:
    """The circle meets on Thursdays."""
    first = date(year, month, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 7 * (nth - 1))


def network_days(since: int, on: date) -> list[date]:
    """Days of all network meetings from a year on, up to the next one after ``on``."""
    days = [
        nth_thursday(year, month, 2)
        for year in range(since, on.year + 2)
        for month in _MONTHS[year % len(_MONTHS)]
    ]
    held = [day for day in days if day < on]
    return [*held, next(day for day in days if day >= on + timedelta(days=7))]


def congress_days(since: int, on: date) -> list[date]:
    """First days of the yearly congresses, in December, up to the next one after ``on``."""
    days = [nth_thursday(year, 12, 1) for year in range(since, on.year + 2)]
    held = [day for day in days if day + timedelta(days=2) < on]
    return [*held, next(day for day in days if day >= on + timedelta(days=3))]


def topics_of(meeting: int) -> list[tuple[int, Topic]]:
    """The topics of the n-th network meeting, each with how often it was talked about before."""
    first = meeting * TOPICS_PER_MEETING
    places = range(first, first + TOPICS_PER_MEETING)
    return [(place // len(TOPICS), TOPICS[place % len(TOPICS)]) for place in places]
