"""Passkeys of editors (WebAuthn), by django-otp-webauthn: a second factor beside the authenticator app, never the only factor."""

from django.http import HttpRequest
from django_otp_webauthn.helpers import WebAuthnHelper


def domain_of(request: HttpRequest) -> str:
    """The domain for which passkeys are made: that of the site, without a port. ALLOWED_HOSTS says which there are."""
    return request.get_host().partition(":")[0]


class Helper(WebAuthnHelper):
    """Takes passkeys of the very address that the editor uses."""

    def get_allowed_origins(self) -> list[str]:
        return [f"{self.request.scheme}://{self.request.get_host()}"]
