from __future__ import annotations

from django.urls import URLPattern, path

from patenwerk.gatherings.web import registration_links, registration_lists, registrations

urlpatterns: list[URLPattern] = [
    path("<int:pk>/ich-komme/", registrations.RegisterAccount.as_view(), name="register"),
    path("<int:pk>/anmelden/", registrations.RegisterCarrier.as_view(), name="register_carrier"),
    path("<int:pk>/niemand-kommt/", registrations.SendRegrets.as_view(), name="send_regrets"),
    path("<int:pk>/gast/", registration_links.RegisterGuest.as_view(), name="register_guest"),
    path(
        "<int:pk>/anmeldungen/",
        registration_lists.RegistrationList.as_view(),
        name="registrations",
    ),
    path(
        "<int:pk>/person-einladen/",
        registration_lists.InvitePerson.as_view(),
        name="invite_person",
    ),
    path("<int:pk>/plaetze/", registration_lists.SetSeats.as_view(), name="set_seats"),
    path("<int:pk>/anwesenheit/", registration_lists.Attendance.as_view(), name="attendance"),
    path("<int:pk>/fragen/", registration_lists.EditQuestions.as_view(), name="questions"),
    path("<int:pk>/bedarf/", registration_lists.NeedsPage.as_view(), name="needs"),
    path(
        "<int:pk>/ohne-antwort/",
        registration_lists.SilentCarriers.as_view(),
        name="silent_carriers",
    ),
    path(
        "anmeldung/<int:pk>/absagen/",
        registrations.DeclineFor.as_view(),
        name="decline_registration",
    ),
    path(
        "link/<str:token>/",
        registration_links.RegistrationPage.as_view(),
        name="registration",
    ),
    path(
        "link/<str:token>/annehmen/",
        registration_links.AcceptSeat.as_view(),
        name="registration_accept",
    ),
    path(
        "link/<str:token>/absagen/",
        registration_links.DeclineSeat.as_view(),
        name="registration_decline",
    ),
    path(
        "link/<str:token>/aendern/",
        registration_links.ChangeRegistration.as_view(),
        name="registration_change",
    ),
    path(
        "link/<str:token>/bedarf/",
        registration_links.AnswerNeeds.as_view(),
        name="registration_needs",
    ),
]
