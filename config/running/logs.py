"""Log lines as JSON objects, one a line, without personal data and without the secrets that links in mails carry."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

request_name: ContextVar[str] = ContextVar("request_name", default="")
"""The name of the request that is answered (`X-Request-Id`); empty outside of one."""

_SECRET = re.compile(
    r"(/(?:pledge/(?:confirm|remove|never)|alerts/(?:confirm|stop)|news/preview|admin/reset/[^/\s?]+)/)[^/\s?]+|(receipt=)[^&\s]+"
)


def without_secrets(text: str) -> str:
    """The text with the secret of a personal link masked in every address that it contains."""
    return _SECRET.sub(lambda match: f"{match[1] or match[2]}…", text)


class WithoutSecrets(logging.Filter):
    """A logging filter that masks a record before any handler writes it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = without_secrets(record.getMessage()), None
        return True


class JSONFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if name := request_name.get() or getattr(getattr(record, "request", None), "name_in_log", ""):
            line["request"] = name
        status = getattr(record, "status_code", None)
        if status is not None:
            line["status"] = status
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
