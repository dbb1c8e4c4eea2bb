from __future__ import annotations

from django.urls import path

from patenwerk.people.web import (
    batches,
    consents,
    duplicates,
    guardians,
    listing,
    moves,
    persons,
    record_checks,
    settings,
)
from patenwerk.people.web.consent_words import WORDS

app_name = "people"

urlpatterns = [
    path("", listing.PersonList.as_view(), name="people"),
    path("neu/", persons.ChooseSite.as_view(), name="choose_site"),
    path("standort/<int:pk>/neu/mentee/", persons.AddMentee.as_view(), name="add_mentee"),
    path("standort/<int:pk>/neu/mentor/", persons.AddMentor.as_view(), name="add_mentor"),
    path(
        "standort/<int:pk>/neu/mentee/aehnlich/",
        duplicates.MenteesLike.as_view(),
        name="mentees_like",
    ),
    path(
        "standort/<int:pk>/neu/mentor/aehnlich/",
        duplicates.MentorsLike.as_view(),
        name="mentors_like",
    ),
    path("doppelt/", duplicates.DuplicateList.as_view(), name="duplicates"),
    path("doppelt/<int:pk>/", duplicates.ComparePair.as_view(), name="duplicate"),
    path("vereint/<int:pk>/trennen/", duplicates.UndoMerge.as_view(), name="undo_merge"),
    path("auf-einmal/", batches.BatchList.as_view(), name="batches"),
    path("auf-einmal/<int:pk>/", batches.BatchPage.as_view(), name="batch"),
    path("auf-einmal/<int:pk>/was/", batches.PlanChange.as_view(), name="plan_batch"),
    path("auf-einmal/<int:pk>/zuruecknehmen/", batches.TakeBack.as_view(), name="take_batch_back"),
    path("regeln/traeger/<int:pk>/", settings.CarrierRules.as_view(), name="carrier_rules"),
    path("wechsel/", moves.MoveList.as_view(), name="moves"),
    path("wechsel/<int:pk>/antworten/", moves.AnswerMove.as_view(), name="answer_move"),
    path("wechsel/<int:pk>/zuruecknehmen/", moves.WithdrawMove.as_view(), name="withdraw_move"),
    path("<int:pk>/wechsel/", moves.ProposeMove.as_view(), name="propose_move"),
    path("<int:pk>/", persons.PersonPage.as_view(), name="person"),
    path("<int:pk>/aendern/", persons.ChangePerson.as_view(), name="change"),
    path("<int:pk>/archivieren/", persons.ArchivePerson.as_view(), name="archive"),
    path("<int:pk>/zurueckholen/", persons.RestorePerson.as_view(), name="restore"),
    path("<int:pk>/fuehrungszeugnis/", record_checks.InspectCheck.as_view(), name="inspect"),
    path(
        "<int:pk>/fuehrungszeugnis/loeschen/",
        record_checks.RemoveCheck.as_view(),
        name="remove_check",
    ),
    path("<int:pk>/sorgeberechtigte/neu/", guardians.AddGuardian.as_view(), name="add_guardian"),
    path(
        "sorgeberechtigte/<int:pk>/aendern/",
        guardians.ChangeGuardian.as_view(),
        name="change_guardian",
    ),
    path(
        "sorgeberechtigte/<int:pk>/entfernen/",
        guardians.RemoveGuardian.as_view(),
        name="remove_guardian",
    ),
]

for purpose, words in WORDS.items():
    urlpatterns += [
        path(
            f"<int:pk>/einwilligung/{words.address}/",
            consents.GiveConsent.as_view(purpose=purpose),
            name=f"consent_{purpose}",
        ),
        path(
            f"<int:pk>/einwilligung/{words.address}/zuruecknehmen/",
            consents.WithdrawConsent.as_view(purpose=purpose),
            name=f"withdraw_{purpose}",
        ),
    ]
