"""Tables that no app owns: access tokens, requests that are repeated, rows that were loaded, changes that are proposed."""

from config.kit.models.access_tokens import AccessToken
from config.kit.models.idempotent_requests import IdempotentRequest
from config.kit.models.loaded_rows import LoadedRow
from config.kit.models.proposals import Proposal

__all__ = ["AccessToken", "IdempotentRequest", "LoadedRow", "Proposal"]
