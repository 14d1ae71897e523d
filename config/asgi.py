"""The ASGI application, for servers that speak it."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DATABASE_ANSWER_WITHIN", "2.5")  # seconds: nobody waits longer for a page
application = get_asgi_application()
