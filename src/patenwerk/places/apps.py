from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "patenwerk.places"
    label = "places"
