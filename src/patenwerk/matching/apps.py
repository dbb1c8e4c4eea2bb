from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "patenwerk.matching"
    label = "matching"
