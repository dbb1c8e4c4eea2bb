"""The installation's settings, with what tests need otherwise."""

import atexit
import os
import shutil
import tempfile

#: What a run of the tests is told; the rest of a developer's own installation stays outside.
KEPT = {
    "PATENWERK_TEST_DATABASE_URL",
    "PATENWERK_SOAK",
    "PATENWERK_CHROMIUM",
    "PATENWERK_LOOKS",
    "PATENWERK_PICTURES",
}
_folder = tempfile.mkdtemp(prefix="patenwerk-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
for _name in [name for name in os.environ if name.startswith("PATENWERK_")]:
    if _name not in KEPT:
        del os.environ[_name]
os.environ["PATENWERK_DATA"] = _folder
os.environ["PATENWERK_SECRET_KEY"] = "only-for-tests-" + "x" * 40
os.environ["PATENWERK_DATABASE_URL"] = os.environ.get("PATENWERK_TEST_DATABASE_URL", "")
# Playwright's loop runs in the test's own thread; the database is used there on purpose.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

from patenwerk.config.settings import *  # noqa: E402, F403
from patenwerk.config.settings import DATABASES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # speed, nothing else
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
if "sqlite" in DATABASES["default"]["ENGINE"]:
    # A test's database need not survive a power cut.
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    )
else:
    DATABASES["default"]["OPTIONS"] = {"options": "-c synchronous_commit=off"}
DATABASES["default"]["CONN_MAX_AGE"] = 0
