from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "patenwerk.reporting"
    label = "reporting"
