"""Who may write by the API: editors, by their access tokens."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions, permissions
from rest_framework.request import Request

from config.kit.api import access_tokens
from config.kit.incoming.visitors import address_of, network_of
from config.kit.models import AccessToken


class Bearer(authentication.BaseAuthentication):
    """`Authorization: Bearer <token>`: an editor's access token (RFC 6750)."""

    def authenticate(self, request: Request) -> tuple[User, AccessToken] | None:
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.casefold() != "bearer":
            return None
        address = address_of(request._request)
        token = access_tokens.find(secret.strip(), network_of(address) if address else "")
        if token is None:
            raise exceptions.AuthenticationFailed(_("This token is unknown, expired or revoked."))
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = Bearer
    name = "accessToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An editor's access token, made in the admin."}


def token_of(request: Request) -> AccessToken:
    """The access token that a request came with."""
    return cast(AccessToken, request.auth)


class OutOfScope(exceptions.PermissionDenied):
    """A token that may not do what it is used for, though its editor may."""

    default_code = "out_of_scope"


class EditorsWrite(permissions.BasePermission):
    """Everybody reads; an editor writes what their role may in the admin."""

    VERBS = {"POST": "add", "PATCH": "change"}

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method in permissions.SAFE_METHODS:
            return True
        verb = self.VERBS.get(request.method or "")
        if verb is None:
            raise exceptions.MethodNotAllowed(request.method or "")
        if not request.user:
            raise exceptions.NotAuthenticated(_("Writing needs an editor's access token."))
        if not token_of(request).may_write:
            raise OutOfScope(_("This token may not write: make one whose scope is to write."))
        meta = view.queryset.model._meta
        return bool(request.user.has_perm(f"{meta.app_label}.{verb}_{meta.model_name}"))
