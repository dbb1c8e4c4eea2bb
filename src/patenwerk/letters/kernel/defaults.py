"""What letters say until a carrier says it in its own words.

A changed text reaches every carrier that has none of its own. What the law asks of a record-check
request does not stand here: nobody edits it, see queries/paper.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from patenwerk.letters.enums import LetterKind
from patenwerk.organisations.enums import Language


@dataclass(frozen=True, slots=True)
class Wording:
    """The title of a letter and its text, with placeholders."""

    title: str
    body: str


TEXTS: Mapping[tuple[LetterKind, Language], Wording] = {
    (LetterKind.AGREEMENT, Language.GERMAN): Wording(
        "Vereinbarung für {Mentee} und {Mentor}",
        """\
**{Mentee}** und **{Mentor}** bilden ein Tandem im Programm {Programm}, {Mentor} als {Rolle}. Für \
uns alle da ist der Standort {Standort}.

Lebensbereich: {Lebensbereich}
Erstes Treffen: {Erstes Treffen}
Vorgesehen bis: {Bis}

**Was wir uns vornehmen**

- Wir treffen uns regelmäßig. Ort und Zeit verabreden wir miteinander.
- Wer nicht kommen kann, sagt so früh wie möglich ab.
- Was wir einander erzählen, bleibt unter uns. Ist jemand in Gefahr, holen wir Hilfe.
- Niemand muss etwas tun oder sagen, was sich nicht gut anfühlt.
- Die Begleitung ist freiwillig und unbezahlt. Wir leihen einander kein Geld, Geschenke bleiben \
klein.
- Bilder und Nachrichten geben wir nur weiter, wenn alle einverstanden sind, um die es geht.

**Was der Standort zusagt**

- Er ist für uns erreichbar: {Kontakt}.
- Er fragt nach, wie es geht, und hilft, wenn es schwierig wird.
- Er geht sorgsam mit dem um, was er von uns weiß.

**Wie es endet**

Wer aufhören möchte, kann das jederzeit, ohne Nachteil. Dann sagen wir es einander und dem \
Standort und verabschieden uns gemeinsam.""",
    ),
    (LetterKind.AGREEMENT, Language.ENGLISH): Wording(
        "Agreement between {mentee} and {mentor}",
        """\
**{mentee}** and **{mentor}** are a tandem in the programme {programme}, {mentor} as {role}. The \
site {site} is there for all of us.

Field of support: {field}
First meeting: {first meeting}
Planned until: {until}

**What we want to keep to**

- We meet regularly. We agree on place and time together.
- Whoever cannot come says so as early as possible.
- What we tell each other stays between us. If somebody is in danger, we get help.
- Nobody has to do or say anything that does not feel right.
- Accompanying is voluntary and unpaid. We lend each other no money, presents stay small.
- We pass on pictures and messages only if whoever they are of agrees.

**What the site promises**

- We can reach it: {contact}.
- It asks how things are going, and helps when they become difficult.
- It takes good care of what it knows about us.

**How it ends**

Whoever wants to stop can do so at any time, without any disadvantage. Then we tell each other \
and the site, and say goodbye together.""",
    ),
    (LetterKind.CERTIFICATE, Language.GERMAN): Wording(
        "Bescheinigung über freiwilliges Engagement",
        """\
**{Name}** hat im Programm {Programm} freiwillig und unbezahlt einen Menschen begleitet:

**{Zeitraum}**

In dieser Zeit gab es {Anzahl Treffen} Treffen, zusammen {Stunden} Stunden. Der Lebensbereich \
war: {Lebensbereich}.

Wer jemanden begleitet, hört zu, plant, bleibt verlässlich und lernt einen anderen Alltag \
kennen. Das hat {Name} getan, und dafür danken wir von Herzen.""",
    ),
    (LetterKind.CERTIFICATE, Language.ENGLISH): Wording(
        "Certificate of voluntary engagement",
        """\
**{name}** accompanied somebody in the programme {programme}, voluntarily and unpaid:

**{period}**

In this time there were {number of meetings} meetings, {hours} hours altogether. The field of \
support was: {field}.

To accompany somebody means to listen, to plan, to be reliable and to get to know another daily \
life. {name} has done this, and we thank for it with all our heart.""",
    ),
    (LetterKind.INVITATION, Language.GERMAN): Wording(
        "Einladung zum Gespräch",
        """\
Guten Tag {Angeschriebene},

danke für Ihr Interesse am Programm {Programm}. Wir laden Sie zu einem ersten Gespräch ein.

**Wann und wo:** {Termin}

Wir erzählen, wie ein Tandem bei uns beginnt, und hören, was Ihnen wichtig ist. Das Gespräch \
verpflichtet Sie zu nichts. Wenn Sie mögen, bringen Sie jemanden mit.

Passt die Zeit nicht, oder haben Sie Fragen? Dann melden Sie sich bitte: {Kontakt}.

Freundliche Grüße
{Standort}""",
    ),
    (LetterKind.INVITATION, Language.ENGLISH): Wording(
        "Invitation to a first talk",
        """\
Hello {addressee},

Thank you for your interest in the programme {programme}. We invite you to a first talk.

**When and where:** {appointment}

We tell you how a tandem begins with us, and we would like to hear what matters to you. The talk \
binds you to nothing. If you like, bring somebody along.

Does the time not suit you, or do you have questions? Please get in touch: {contact}.

Kind regards
{site}""",
    ),
    (LetterKind.MESSAGE, Language.GERMAN): Wording(
        "Nachricht von {Standort}",
        """\
Guten Tag {Name},

Sie sind im Programm {Programm} dabei. Heute schreiben wir Ihnen, weil

Fragen beantworten wir gern: {Kontakt}.

Freundliche Grüße
{Standort}""",
    ),
    (LetterKind.MESSAGE, Language.ENGLISH): Wording(
        "A message from {site}",
        """\
Hello {name},

You take part in the programme {programme}. Today we write to you because

We are glad to answer questions: {contact}.

Kind regards
{site}""",
    ),
    (LetterKind.RECORD_CHECK, Language.GERMAN): Wording(
        "Bitte um ein erweitertes Führungszeugnis",
        """\
Guten Tag {Name},

Sie wollen im Programm {Programm} ein Kind oder einen jungen Menschen begleiten. Zum Schutz aller \
bitten wir dafür um ein erweitertes Führungszeugnis. Es kostet Sie nichts.

- Gehen Sie mit diesem Schreiben und Ihrem Ausweis zur Meldebehörde an Ihrem Wohnort.
- Das Führungszeugnis kommt mit der Post zu Ihnen.
- Zeigen Sie es uns bitte bald danach, solange es neu ist.

Wir sehen es nur an. Wir halten fest, dass wir es gesehen haben, von welchem Tag es ist und ob ein \
Eintrag einer Begleitung entgegensteht. Das Führungszeugnis selbst bleibt bei Ihnen.

Fragen beantworten wir gern: {Kontakt}.""",
    ),
    (LetterKind.RECORD_CHECK, Language.ENGLISH): Wording(
        "Please apply for an extended certificate of conduct",
        """\
Hello {name},

In the programme {programme} you want to accompany a child or a young person. To protect everybody \
we ask for an extended certificate of conduct (erweitertes Führungszeugnis). It costs you nothing.

- Take this letter and your identity card to the registration office where you live.
- The certificate comes to you by post.
- Please show it to us soon afterwards, while it is new.

We only look at it. We note that we have seen it, of which day it is, and whether an entry stands \
against accompanying somebody. The certificate itself stays with you.

We are glad to answer questions: {contact}.""",
    ),
}
