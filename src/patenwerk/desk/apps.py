from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "patenwerk.desk"
    label = "desk"
