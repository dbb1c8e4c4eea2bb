"""What people consent to, word by word. A changed text gets a new version; old ones stay."""

from __future__ import annotations

from dataclasses import dataclass

from patenwerk.people.enums import ConsentPurpose

OWN_INSIGHT_FROM = 16
"""From this age on young people can decide themselves what is done with their data."""
AGE_OF_MAJORITY = 18
"""From this age on nobody decides for them."""


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version of what is read out or signed, in both languages."""

    version: str
    german: str
    english: str

    def said_in(self, language: str) -> str:
        """The text in a language of the interface."""
        return self.english if language.startswith("en") else self.german


#: Every version ever in use by purpose, the one in force last. Texts are never edited: a consent
#: given names its version, and what was consented to must stay readable.
TEXTS: dict[ConsentPurpose, tuple[ConsentText, ...]] = {
    ConsentPurpose.OTHER_CARRIERS: (
        ConsentText(
            version="2026-11",
            german=(
                "Ich bin einverstanden, dass auch andere Träger des Programms in die Suche nach "
                "einer passenden Person für mich einbezogen werden. Passt jemand, sehen die "
                "Koordinator*innen der beiden Standorte meinen Vornamen, die ersten zwei Ziffern "
                "meiner Postleitzahl und warum wir zueinander passen. Mehr sehen sie erst, wenn "
                "wir beide Ja gesagt haben. Das Programmbüro sieht nur Zahlen. Ich kann das "
                "jederzeit zurücknehmen, ohne Grund und ohne Nachteil."
            ),
            english=(
                "I agree that other carriers of the programme, too, are included in the search "
                "for somebody who fits me. If somebody fits, the coordinators of the two sites "
                "see my first name, the first two digits of my postcode and why we fit. They see "
                "more only once both of us have said yes. The programme office sees numbers "
                "only. I can take this back at any time, without a reason and without any "
                "disadvantage."
            ),
        ),
    ),
    ConsentPurpose.MOVE_SITE: (
        ConsentText(
            version="2026-11",
            german=(
                "Künftig soll mich ein anderer Standort des Programms begleiten. Mir wurde gesagt, "
                "welcher. Ich bin einverstanden, dass er zuerst dies sieht: meinen Vornamen, die "
                "ersten zwei Ziffern meiner Postleitzahl, auf welcher Seite ich stehe, und in "
                "einem Satz, warum ich wechsle. Nimmt er mich auf, bekommt er alles, was über "
                "mich aufgeschrieben ist, auch meine Einwilligungen und ob ein Führungszeugnis "
                "vorlag. Mein bisheriger Standort sieht dann nur noch, wann und wohin ich "
                "gewechselt bin, dazu Patenschaften, die bei ihm geführt werden. Das gilt für "
                "einen Wechsel an diesen einen Standort. Bis ich dort aufgenommen bin, kann ich "
                "es jederzeit zurücknehmen, ohne Grund und ohne Nachteil."
            ),
            english=(
                "From now on another site of the programme is to accompany me. I was told which "
                "one. I agree that it sees this first: my first name, the first two digits of my "
                "postcode, on which side I am, and in one sentence why I move. If it takes me in, "
                "it gets everything that is written down about me, my consents included and "
                "whether a record check was inspected. My site until now then sees only when and "
                "where I went, and tandems that are led there. This holds for one move to this "
                "one site. Until I have been taken in there I can take it back at any time, "
                "without a reason and without any disadvantage."
            ),
        ),
    ),
    ConsentPurpose.TAKING_PART: (
        ConsentText(
            version="2026-11",
            german=(
                "Ich bin einverstanden, an dem Programm teilzunehmen: mit einer Patenschaft und "
                "ihren Treffen. Die Koordinator*innen schreiben auf, wer die beiden sind, wann und "
                "wie lange sie sich treffen, worum es ungefähr geht und wie die Patenschaft "
                "weitergeht. Das sehen der eigene Standort, die Leitung seines Trägers und, wenn "
                "die andere Person von einem anderen Standort kommt, auch dieser. Das "
                "Programmbüro sieht nur Zahlen. Für ein Kind sagt das, wer das Sorgerecht hat. "
                "Ich kann das jederzeit zurücknehmen, ohne Grund und ohne Nachteil."
            ),
            english=(
                "I agree to take part in the programme: with a tandem and its meetings. The "
                "coordinators write down who the two are, when and how long they meet, roughly "
                "what it is about and how the tandem goes on. The own site and the management of "
                "its carrier see that, and so does the other site where the other person comes "
                "from one. The programme office sees numbers only. For a child, whoever has "
                "custody says so. I can take this back at any time, without a reason and without "
                "any disadvantage."
            ),
        ),
    ),
}


def text_in_force(purpose: ConsentPurpose) -> ConsentText:
    """What is asked today."""
    return TEXTS[purpose][-1]


def text_of(purpose: ConsentPurpose, version: str) -> ConsentText:
    """What a consent was given to; ``KeyError`` for a version that never was."""
    found = {text.version: text for text in TEXTS[purpose]}
    return found[version]
