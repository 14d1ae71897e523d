"""A process of the site that answers at a time that it is told: for tests with several processes.

It reads one question a line, `{"path": ..., "at": ...}`, and writes one answer a line.
"""

import json
import os
import sys
from datetime import datetime

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

import time_machine  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

if __name__ == "__main__":
    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    for line in sys.stdin:
        asked = json.loads(line)
        with time_machine.travel(datetime.fromisoformat(asked["at"]), tick=False):
            response = client.get(asked["path"], headers={"If-None-Match": asked.get("etag", "")})
        # A process between two requests holds no transaction that hides what others commit.
        connection.close()
        told = {"status": response.status_code, "etag": response["ETag"], "text": response.content.decode()}
        print(json.dumps(told), flush=True)
