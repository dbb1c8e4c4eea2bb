from django.apps import AppConfig


class TandemsConfig(AppConfig):
    name = "patenwerk.tandems"
    label = "tandems"
