"""Every address of the installation, app by app."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("patenwerk.desk.web.urls")),
    path("konto/", include("patenwerk.organisations.web.login_urls")),
    path("sprache/", include("django.conf.urls.i18n")),
    path("bausteine/", include("patenwerk.core.web.urls")),
    path("", include("patenwerk.organisations.web.urls")),
    path("personen/", include("patenwerk.people.web.urls")),
    path("einlesen/", include("patenwerk.imports.web.urls")),
    path("tandems/", include("patenwerk.tandems.web.urls")),
    path("briefe/", include("patenwerk.letters.web.urls")),
    path("matching/", include("patenwerk.matching.web.urls")),
    path("treffen/", include("patenwerk.gatherings.web.urls")),
    path("zahlen/", include("patenwerk.reporting.web.urls")),
]
