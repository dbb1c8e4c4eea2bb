"""The login library's pages that are in use here. The rest of its addresses does not exist."""

from __future__ import annotations

from allauth.account import views
from django.urls import path, re_path

urlpatterns = [
    path("anmelden/", views.login, name="account_login"),
    path("abmelden/", views.logout, name="account_logout"),
    path("code/", views.request_login_code, name="account_request_login_code"),
    path("code/eingeben/", views.confirm_login_code, name="account_confirm_login_code"),
    path("ohne-einladung/", views.signup, name="account_signup"),
    path("gesperrt/", views.account_inactive, name="account_inactive"),
    path("passwort/aendern/", views.password_change, name="account_change_password"),
    path("passwort/setzen/", views.password_set, name="account_set_password"),
    path("passwort/vergessen/", views.password_reset, name="account_reset_password"),
    path(
        "passwort/vergessen/gesendet/",
        views.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^passwort/neu/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "passwort/neu/fertig/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("bestaetigen/", views.reauthenticate, name="account_reauthenticate"),
]
