from __future__ import annotations

from django.urls import path

from patenwerk.core.web import gallery

app_name = "core"

urlpatterns = [
    path("", gallery.Gallery.as_view(), name="gallery"),
]
