from __future__ import annotations

from django.urls import URLPattern, path

from patenwerk.gatherings.web import year

urlpatterns: list[URLPattern] = [path("jahr/", year.YearPage.as_view(), name="year")]
