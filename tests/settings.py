"""The project's settings, as the tests use them: DEBUG values, quick password hashes, storage without a manifest."""

import os

os.environ["DEBUG"] = "1"

from config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
