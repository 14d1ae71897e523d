"""Tables that no app owns: access tokens, requests that are repeated, rows that the loaders have brought in."""

from config.kit.models.access_tokens import AccessToken
from config.kit.models.idempotent_requests import IdempotentRequest
from config.kit.models.loaded_rows import LoadedRow

__all__ = ["AccessToken", "IdempotentRequest", "LoadedRow"]
