"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DATABASE_ANSWER_WITHIN", "2.5")  # seconds: nobody waits longer for a page
application = get_wsgi_application()
