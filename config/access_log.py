"""The server's access log, without the secrets that links in mails carry."""

from typing import Any

from gunicorn.glogging import Logger

from config.running.logs import without_secrets


class AccessLog(Logger):
    """gunicorn's access log, with the secrets masked in every address."""

    def atoms(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().atoms(*args, **kwargs)
        return {name: without_secrets(value) if isinstance(value, str) else value for name, value in found.items()}
