"""The least that a worker process needs, on the database the environment names."""

from __future__ import annotations

from patenwerk.config import env

SECRET_KEY = "worker"
USE_TZ = True
INSTALLED_APPS = [
    "patenwerk.core.apps.CoreConfig",
    "patenwerk.jobs.apps.JobsConfig",
    "django_tasks",
    "django_tasks_db",
    "tests.jobs.slow",
]
DATABASES = {"default": env.database(env.data_folder())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
LOGGING = {
    "version": 1,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
