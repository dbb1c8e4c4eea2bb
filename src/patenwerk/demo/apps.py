from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "patenwerk.demo"
    label = "demo"
