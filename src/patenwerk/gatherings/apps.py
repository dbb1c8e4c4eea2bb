from __future__ import annotations

from django.apps import AppConfig


class GatheringsConfig(AppConfig):
    name = "patenwerk.gatherings"
    label = "gatherings"
