from __future__ import annotations

from django.urls import path

from patenwerk.organisations.web import accounts, carriers, invitations, programmes, sites

app_name = "organisations"

urlpatterns = [
    path("traeger/", carriers.CarrierList.as_view(), name="carriers"),
    path("traeger/<int:pk>/", carriers.CarrierPage.as_view(), name="carrier"),
    path("traeger/<int:pk>/aendern/", carriers.ChangeCarrier.as_view(), name="change_carrier"),
    path("traeger/<int:pk>/standort/", sites.CreateSite.as_view(), name="create_site"),
    path("traeger/<int:pk>/einladen/", invitations.InviteManager.as_view(), name="invite_manager"),
    path("standorte/", sites.SiteList.as_view(), name="sites"),
    path("standort/<int:pk>/", sites.SitePage.as_view(), name="site"),
    path("standort/<int:pk>/aendern/", sites.ChangeSite.as_view(), name="change_site"),
    path(
        "standort/<int:pk>/einladen/",
        invitations.InviteCoordinator.as_view(),
        name="invite_coordinator",
    ),
    path("rolle/<int:pk>/beenden/", invitations.EndGrant.as_view(), name="end_grant"),
    path("programm/<int:pk>/", programmes.ProgrammePage.as_view(), name="programme"),
    path(
        "programm/<int:pk>/aendern/", programmes.ChangeProgramme.as_view(), name="change_programme"
    ),
    path("programm/<int:pk>/traeger/", carriers.CreateCarrier.as_view(), name="create_carrier"),
    path("programm/<int:pk>/einladen/", invitations.InviteOffice.as_view(), name="invite_office"),
    path(
        "programm/<int:pk>/netzwerkstelle/einladen/",
        invitations.InviteNetworkOffice.as_view(),
        name="invite_network",
    ),
    path("programm/<int:pk>/logo/", programmes.Logo.as_view(), name="logo"),
    path(
        "programm/<int:pk>/lebensbereich/",
        programmes.AddSupportField.as_view(),
        name="add_support_field",
    ),
    path("lebensbereich/<int:pk>/", programmes.ChangeSupportField.as_view(), name="support_field"),
    path("programm/<int:pk>/schwerpunkt/", programmes.AddFocus.as_view(), name="add_focus"),
    path("schwerpunkt/<int:pk>/", programmes.ChangeFocus.as_view(), name="focus"),
    path("programm/<int:pk>/art/", programmes.AddTandemKind.as_view(), name="add_tandem_kind"),
    path("art/<int:pk>/", programmes.ChangeTandemKind.as_view(), name="tandem_kind"),
    path("programm/<int:pk>/phase/", programmes.AddPhase.as_view(), name="add_phase"),
    path("phase/<int:pk>/", programmes.ChangePhase.as_view(), name="phase"),
    path("einladung/<str:token>/", invitations.AcceptInvitation.as_view(), name="accept"),
    path("ich/", accounts.OwnAccount.as_view(), name="account"),
    path("ich/aussehen/", accounts.ChooseTheme.as_view(), name="theme"),
]
