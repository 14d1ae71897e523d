"""The server's access log: with the name of each request, and without the secrets that links in mails carry."""

from typing import Any

from gunicorn.config import AccessLogFormat
from gunicorn.glogging import Logger

from config.running.logs import without_secrets


class AccessLog(Logger):
    """gunicorn's access log, with the secrets masked in every address, and `X-Request-Id` at the end of a line."""

    def setup(self, cfg: Any) -> None:
        if cfg.access_log_format == AccessLogFormat.default:
            cfg.set("access_log_format", f"{AccessLogFormat.default} %({{x-request-id}}o)s")
        super().setup(cfg)

    def atoms(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().atoms(*args, **kwargs)
        return {name: without_secrets(value) if isinstance(value, str) else value for name, value in found.items()}
