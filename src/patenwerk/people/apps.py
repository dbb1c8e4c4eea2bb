from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "patenwerk.people"
    label = "people"
