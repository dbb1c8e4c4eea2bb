from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "patenwerk.imports"
    label = "imports"
