from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "patenwerk.organisations"
    label = "organisations"
