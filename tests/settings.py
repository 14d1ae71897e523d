"""The project's settings, as the tests use them: DEBUG values, quick password hashes, storage without a manifest."""

import os

os.environ["DEBUG"] = "1"
os.environ["KEEP_ANSWERS"] = "1"  # every test of a page that changes is one of answers that are kept, too

from config.settings import *  # noqa: F403

INSTALLED_APPS += ["django_migration_linter"]  # noqa: F405 - `make migrations` asks it
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 - else the server of static files warns at every request
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # noqa: F405
    # A file, as in life: SQLite in memory knows no waiting, so that many at once could not be tested.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "tests.sqlite3"}  # noqa: F405
    quick = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA recursive_triggers=ON"
    DATABASES["default"]["OPTIONS"] |= {"init_command": quick}  # noqa: F405
else:
    DATABASES["default"]["OPTIONS"]["clock_tolerance"] = None  # noqa: F405 - tests travel in time
PLEDGES_SHOWN_WITHIN = 0  # at once, however many a test makes
