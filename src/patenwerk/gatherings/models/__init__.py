from patenwerk.gatherings.models.agenda import AgendaChange, AgendaItem, Material
from patenwerk.gatherings.models.contact import Contact
from patenwerk.gatherings.models.expert import Contribution, Expert
from patenwerk.gatherings.models.feedback import FeedbackAnswer, FeedbackQuestion, FeedbackSheet
from patenwerk.gatherings.models.gathering import (
    CarrierShare,
    Gathering,
    GatheringKind,
    GatheringStep,
    Series,
)
from patenwerk.gatherings.models.minutes import (
    Correction,
    Minutes,
    MinutesStep,
    Objection,
    Section,
    SectionVersion,
)
from patenwerk.gatherings.models.promise import (
    Commitment,
    CommitmentStep,
    Decision,
    DecisionStep,
    Progress,
)
from patenwerk.gatherings.models.registration import (
    Answer,
    Question,
    Registration,
    RegistrationStep,
)

__all__ = [
    "AgendaChange",
    "AgendaItem",
    "Answer",
    "CarrierShare",
    "Commitment",
    "CommitmentStep",
    "Contact",
    "Contribution",
    "Correction",
    "Decision",
    "DecisionStep",
    "Expert",
    "FeedbackAnswer",
    "FeedbackQuestion",
    "FeedbackSheet",
    "Gathering",
    "GatheringKind",
    "GatheringStep",
    "Material",
    "Minutes",
    "MinutesStep",
    "Objection",
    "Progress",
    "Question",
    "Registration",
    "RegistrationStep",
    "Section",
    "SectionVersion",
    "Series",
]
