"""The second factor of editors: codes of an authenticator app (TOTP, RFC 6238) or passkeys, and recovery codes should all be lost.

Where it is required (the setting REQUIRE_SECOND_FACTOR), and for everybody who has set one up, a password alone signs in by half:
until the code is given every address but those of the second factor sees nobody.
"""

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django_otp import login as otp_login
from django_otp import user_has_device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import WebAuthnCredential

Handler = Callable[[HttpRequest], HttpResponseBase]
RECOVERY_CODES = 10
OPEN_TO_HALF = ("second-factor", "admin:logout")
"""What opens to who has given a password alone, with the addresses below them."""
_NEEDED = "needs_second_factor"
AUTHENTICATOR, RECOVERY = "authenticator", "recovery codes"


def whole_or_nobody(request: HttpRequest, user: Any) -> Any:
    """The user, or nobody where the code is not given yet."""
    return AnonymousUser() if _is_half(request, user) else user


def is_half_signed_in(request: HttpRequest) -> bool:
    """Whether the password was given, and the code is not given yet."""
    return _is_half(request, request.user)


def _is_half(request: HttpRequest, user: Any) -> bool:
    if not user.is_authenticated or not user.is_staff or user.is_verified():
        return False
    return bool(settings.REQUIRE_SECOND_FACTOR or request.session.get(_NEEDED))


@receiver(user_logged_in, dispatch_uid="config.accounts.second_factor")
def _note_need(sender: object, user: User, request: HttpRequest | None = None, **kwargs: Any) -> None:
    if request is not None and user.is_staff:
        request.session[_NEEDED] = has_device(user)


def middleware(get_response: Handler) -> Handler:
    """Middleware: who is signed in by half is led to the second factor in the admin, and is nobody everywhere else."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith("/admin/"):
            # Only asked for where a page looks at its visitor, so that public pages need no session.
            user = request.user
            request.user = SimpleLazyObject(lambda: whole_or_nobody(request, user))  # type: ignore[assignment]
        elif not request.path.startswith(tuple(map(reverse, OPEN_TO_HALF))) and is_half_signed_in(request):
            query = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
            return redirect(f"{reverse('second-factor')}?{query}".rstrip("?"))
        return get_response(request)

    return answer


def has_device(user: User) -> bool:
    """Whether an account has a second factor. A query or two."""
    return bool(user_has_device(user))


def is_verified(request: HttpRequest) -> bool:
    """Whether a second factor was given in this session."""
    user: Any = request.user
    return bool(user.is_verified())


def passkeys_of(user: User) -> QuerySet[WebAuthnCredential]:
    """The passkeys of an account, oldest first."""
    return WebAuthnCredential.objects.filter(user=user, confirmed=True).order_by("created_at", "pk")


def remove_passkey(user: User, key: int) -> bool:
    """Remove a passkey, unless it is the only second factor beside recovery codes. Returns whether it is gone."""
    with transaction.atomic():
        others = passkeys_of(user).exclude(pk=key).exists()
        if not (others or authenticator_of(user)):
            return False
        passkeys_of(user).filter(pk=key).delete()
    return True


def authenticator_of(user: User) -> TOTPDevice | None:
    """The authenticator that an account signs in with; None before it has one."""
    return cast(TOTPDevice | None, TOTPDevice.objects.filter(user=user, confirmed=True).first())


def authenticator_to_set_up(user: User) -> TOTPDevice:
    """The authenticator that an account is about to set up: its secret is shown until a code of it was given."""
    found = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return cast(TOTPDevice, found or TOTPDevice.objects.create(user=user, name=AUTHENTICATOR, confirmed=False))


def set_up(request: HttpRequest, user: User, code: str) -> list[str] | None:
    """Take the authenticator whose first code is given, in the place of an earlier one. Returns new recovery codes; None for a
    wrong code."""
    with transaction.atomic():
        device = authenticator_to_set_up(user)
        if not device.verify_token(code):
            return None
        TOTPDevice.objects.filter(user=user, confirmed=True).delete()
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        codes = new_recovery_codes(user)
    otp_login(request, device)
    request.session[_NEEDED] = True
    return codes


def new_recovery_codes(user: User) -> list[str]:
    """Recovery codes in the place of all earlier ones. Each opens the account once."""
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name=RECOVERY)
        codes = [StaticToken.random_token() for _n in range(RECOVERY_CODES)]
        StaticToken.objects.bulk_create([StaticToken(device=device, token=code) for code in codes])
    return codes


def recovery_codes_left(user: User) -> int:
    """How many recovery codes an account has left. One query."""
    return StaticToken.objects.filter(device__user=user).count()


def give_code(request: HttpRequest, user: User, code: str) -> str:
    """Sign in whole with a code of the authenticator, or a recovery code. Returns why not; an empty text if it is right.

    Wrong codes make the device wait, longer each time.
    """
    given = code.replace(" ", "").lower()
    # Codes of an authenticator are six digits, recovery codes have letters: a wrong one makes the one device wait, not the other.
    model = TOTPDevice if given.isdigit() else StaticDevice
    for device in model.objects.filter(user=user, confirmed=True):
        is_allowed, _why = device.verify_is_allowed()
        if not is_allowed:
            return "wait"
        if device.verify_token(given):
            otp_login(request, device)
            return ""
    return "wrong"


def take_away(user: User) -> None:
    """Take the second factor of an account away, whose holder has lost it all."""
    for model in (TOTPDevice, StaticDevice, WebAuthnCredential):
        model.objects.filter(user=user).delete()
