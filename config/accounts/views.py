"""Pages of one's own second factor, and Django's own reset of a password with a limit."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import logout
from django.contrib.auth.models import User
from django.contrib.auth.views import PasswordResetView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from config.accounts import second_factor as factor
from config.accounts.sessions import end_sessions
from config.kit.incoming.visitors import RateLimited, count_request, count_visit
from config.kit.pages.qr_codes import qr_code
from config.running.signing_in import locked_out


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )


WRONG = _(
    "This code is wrong, or it was used already. Wait for the next one, and look whether your device has the time right."
)
TOO_OFTEN = _("Too many wrong codes. Wait a minute, then try again.")


@never_cache
def second_factor(request: HttpRequest) -> HttpResponseBase:
    """Gives the code after the password, sets the second factor up, or shows how it stands."""
    if not (request.user.is_authenticated and request.user.is_staff):
        return redirect(f"{reverse('admin:login')}?next={request.path}")
    user = request.user
    has_one = factor.has_device(user)
    if has_one and not factor.is_verified(request):
        return _ask_for_code(request, user)
    step = request.POST.get("step", "")
    if step == "codes" and has_one:
        return _show_codes(request, factor.new_recovery_codes(user))
    if step == "end-sessions":
        end_sessions(user)
        logout(request)  # this one, too
        return redirect("admin:login")
    if step == "remove-passkey":
        _remove_passkey(request, user)
        return redirect("second-factor")
    if not has_one or step == "set-up" or "another" in request.GET:
        return _set_up(request, user)
    return _page(request, "state", _("How you sign in"), _state_of(user))


def _state_of(user: User) -> dict[str, Any]:
    return {
        "has_app": factor.authenticator_of(user) is not None,
        "passkeys": factor.passkeys_of(user),
        "left": factor.recovery_codes_left(user),
    }


def _remove_passkey(request: HttpRequest, user: User) -> None:
    key = request.POST.get("passkey", "")
    if factor.remove_passkey(user, int(key) if key.isascii() and key.isdigit() and len(key) < 18 else 0):
        messages.success(request, _("The passkey is removed."))
    else:
        messages.error(request, _("It is the only second factor that you have: set another one up first."))


def _ask_for_code(request: HttpRequest, user: User) -> HttpResponseBase:
    form = CodeForm(request.POST or None)
    if form.is_valid():
        refusal = factor.give_code(request, user, form.cleaned_data["code"])
        if not refusal:
            return redirect(_next(request))
        form.add_error("code", TOO_OFTEN if refusal == "wait" else WRONG)
    context = {
        "form": form,
        "next": _next(request),
        "has_app": factor.authenticator_of(user) is not None,
        "has_passkey": factor.passkeys_of(user).exists(),
    }
    return _page(request, "code", _("Your second factor"), context)


def _set_up(request: HttpRequest, user: User) -> HttpResponseBase:
    form = CodeForm(request.POST if request.POST.get("step") == "set-up" else None)
    if form.is_valid():
        codes = factor.set_up(request, user, form.cleaned_data["code"].replace(" ", ""))
        if codes is not None:
            return _show_codes(request, codes)
        form.add_error("code", WRONG)
    address = factor.authenticator_to_set_up(user).config_url
    context = {
        "form": form,
        "next": _next(request),
        "picture": qr_code(address, str(_("QR code"))),
        "secret": address.partition("secret=")[2].partition("&")[0],
    }
    return _page(request, "set_up", _("Set up your second factor"), context)


def _show_codes(request: HttpRequest, codes: list[str]) -> HttpResponseBase:
    return _page(request, "codes", _("Your recovery codes"), {"codes": codes, "next": _next(request)})


def _page(request: HttpRequest, name: str, title: Any, context: dict[str, Any]) -> HttpResponse:
    shown = {**admin.site.each_context(request), "title": title, **context}
    if factor.is_half_signed_in(request):
        shown |= {"is_nav_sidebar_enabled": False, "available_apps": []}
    response = TemplateResponse(request, f"accounts/{name}.html", shown)
    response["Cache-Control"] = "no-store, private"
    return response


def _next(request: HttpRequest) -> str:
    """Where to go on: an address of the admin of this site, or its first page."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if is_ours and asked.startswith("/admin/") else reverse("admin:index")


class ResetView(PasswordResetView):
    """Django's own reset, at most ten times in ten minutes for one mailbox."""

    success_url = reverse_lazy("password_reset_done")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            count_visit(request)
            count_request("mailbox", request.POST.get("email", "").strip().lower())
        except RateLimited:
            return locked_out(request)
        return super().post(request, *args, **kwargs)
