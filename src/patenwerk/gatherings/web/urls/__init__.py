"""Addresses of gatherings, area by area."""

from __future__ import annotations

from patenwerk.gatherings.web.urls import (
    agenda,
    experts,
    feedback,
    gatherings,
    minutes,
    promises,
    public,
    registrations,
    year,
)

app_name = "gatherings"

urlpatterns = [
    *gatherings.urlpatterns,
    *public.urlpatterns,
    *registrations.urlpatterns,
    *agenda.urlpatterns,
    *minutes.urlpatterns,
    *promises.urlpatterns,
    *experts.urlpatterns,
    *feedback.urlpatterns,
    *year.urlpatterns,
]
