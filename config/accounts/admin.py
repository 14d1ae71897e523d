"""Admin pages of accounts: invitation, sessions, second factor, closing; and the one page with all roles."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static import admin as otp_static_admin  # noqa: F401 - registers what `register` takes out
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp import admin as otp_totp_admin  # noqa: F401 - the same
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import WebAuthnCredential

from config.accounts import closing, second_factor
from config.accounts.invitations import invite
from config.accounts.sessions import end_sessions
from config.kit.admin_base import ReadOnlyAdmin, staff_user
from config.kit.models import RoleGrant


class InvitationForm(forms.ModelForm):
    """A new account has no password: its holder chooses one by the link of the invitation."""

    class Meta:
        model = User
        fields = ["username", "email", "first_name", "last_name", "groups", "is_superuser"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True
        self.fields["email"].help_text = _("The invitation goes there.")

    def save(self, commit: bool = True) -> User:
        self.instance.is_staff = True
        self.instance.set_unusable_password()
        return super().save(commit)


class AccountAdmin(UserAdmin):
    """Accounts of editors. One that is no longer needed is closed, never deleted: what was done in its name stays."""

    list_display = ["username", "email", "first_name", "last_name", "is_staff", "is_active", "last_login"]
    list_filter = ["is_active", "is_staff", "is_superuser", "groups"]
    actions = ["close"]
    add_form = InvitationForm
    add_form_template = "admin/change_form.html"
    add_fieldsets = [
        (
            None,
            {
                "description": _("Whoever is invited gets a mail with a link, and chooses a password of their own."),
                "fields": ["username", "email", "first_name", "last_name", "groups", "is_superuser"],
            },
        )
    ]
    change_form_template = "admin/auth/user/account.html"

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        own = [
            path(
                "<int:object_id>/step/<slug:step>/", self.admin_site.admin_view(self.step_view), name="auth_user_step"
            ),
            path(
                "<int:object_id>/left-work/",
                self.admin_site.admin_view(self.left_work_view),
                name="auth_user_left_work",
            ),
        ]
        return [*own, *super().get_urls()]

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change:
            self._invite(request, form.instance)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return redirect("admin:auth_user_change", obj.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        account = self.get_object(request, object_id)
        more: dict[str, Any] = {}
        if account is not None:
            has_factor = second_factor.has_device(account)
            more = {
                "has_second_factor": has_factor,
                "steps": _steps_of(account, has_factor=has_factor),
                "has_password": account.has_usable_password(),
                "roles": RoleGrant.objects.filter(user=account).select_related("group", "given_by", "taken_by"),
            }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    def step_view(self, request: HttpRequest, object_id: int, step: str) -> HttpResponseBase:
        """One press: invite again, end all sessions, take the second factor away, close, open again."""
        account = self._account(request, object_id)
        steps = {
            "invite": self._invite,
            "end-sessions": self._end_sessions,
            "take-second-factor": self._take_second_factor,
            "close": self._close,
            "open": self._open,
        }
        if request.method != "POST" or step not in steps:
            raise Http404
        steps[step](request, account)
        if step == "close" and not account.is_active:
            return redirect("admin:auth_user_left_work", account.pk)
        return redirect("admin:auth_user_change", account.pk)

    def left_work_view(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """What of an account's work waits, and for whom."""
        account = self._account(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": _("What waits for others: %(name)s") % {"name": account.get_username()},
            "opts": self.opts,
            "account": account,
            "left": closing.left_work_of(account),
        }
        return TemplateResponse(request, "admin/auth/user/left_work.html", context)

    def _account(self, request: HttpRequest, object_id: int) -> User:
        account = self.get_object(request, str(object_id))
        if account is None:
            raise Http404
        if not self.has_change_permission(request, account):
            raise PermissionDenied
        return account

    def _invite(self, request: HttpRequest, account: User) -> None:
        if not account.is_active or not account.email:
            messages.error(
                request, _("There is no address to which the invitation could go, or the account is closed.")
            )
            return
        try:
            invite(account, request)
        except OSError as error:
            messages.error(request, _("The invitation could not be sent (%(why)s): try again here.") % {"why": error})
            return
        self.log_change(request, account, [{"changed": {"fields": ["Invitation sent"]}}])
        messages.success(request, _("An invitation went to %(address)s.") % {"address": account.email})

    def _end_sessions(self, request: HttpRequest, account: User) -> None:
        n = end_sessions(account)
        self.log_change(request, account, [{"changed": {"fields": [f"Sessions ended: {n}"]}}])
        messages.success(request, _("Sessions ended: %(n)s.") % {"n": n})

    def _take_second_factor(self, request: HttpRequest, account: User) -> None:
        second_factor.take_away(account)
        end_sessions(account)
        self.log_change(request, account, [{"changed": {"fields": ["Second factor taken away"]}}])
        messages.success(
            request,
            _("The second factor is taken away, and all sessions are ended: a new one is set up at the next sign-in."),
        )

    def _close(self, request: HttpRequest, account: User) -> None:
        if account == staff_user(request):
            messages.error(request, _("You cannot close your own account: ask another administrator."))
            return
        n = closing.close(account)
        self.log_change(request, account, [{"changed": {"fields": ["Active"]}}])
        messages.success(
            request, _("%(name)s is closed. Sessions ended: %(n)s.") % {"name": account.get_username(), "n": n}
        )

    def _open(self, request: HttpRequest, account: User) -> None:
        account.is_active = True
        account.save(update_fields=["is_active"])
        self.log_change(request, account, [{"changed": {"fields": ["Active"]}}])
        messages.success(request, _("%(name)s is open again.") % {"name": account.get_username()})

    @admin.action(description=_("Close: nobody signs in with it any more"), permissions=["change"])
    def close(self, request: HttpRequest, queryset: QuerySet) -> None:
        """A closed account's sessions and access tokens open nothing any more."""
        for account in queryset.filter(is_active=True):
            self._close(request, account)


def _steps_of(account: User, *, has_factor: bool) -> list[tuple[str, Any]]:
    """What an administrator can do with an account in one press, as `AccountAdmin.step_view` names it."""
    if not account.is_active:
        return [("open", _("Open the account again"))]
    steps: list[tuple[str, Any]] = [
        ("invite", _("Send an invitation to choose a password")),
        ("end-sessions", _("End all sessions")),
    ]
    if has_factor:
        steps.append(("take-second-factor", _("Take the second factor away: its holder has lost it")))
    return [*steps, ("close", _("Close the account now"))]


class HeldFilter(admin.SimpleListFilter):
    title = _("held")
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("before", _("Taken back")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Any:
        first, *rest = super().choices(changelist)
        return [{**first, "display": _("Now")}, *rest]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        match self.value():
            case "before":
                return queryset.filter(taken_at__isnull=False)
            case "all":
                return queryset
        return queryset.filter(taken_at__isnull=True)


class RoleGrantAdmin(ReadOnlyAdmin):
    """One page with who holds which role, since when, and who gave it."""

    list_display = [
        "account",
        "role",
        "given_at",
        "given_by",
        "taken_at",
        "taken_by",
        "is_open",
        "second_factor",
        "last_login",
    ]
    list_filter = [HeldFilter, "group", "user__is_active"]
    list_select_related = ["user", "group", "given_by", "taken_by"]
    search_fields = ["user__username", "user__email", "user__last_name"]
    ordering = ["group__name", "user__username"]
    list_per_page = 200

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        title = {"title": _("Who holds which role, since when, and who gave it")}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        app = TOTPDevice.objects.filter(user=OuterRef("user"), confirmed=True)
        passkeys = WebAuthnCredential.objects.filter(user=OuterRef("user"), confirmed=True)
        return super().get_queryset(request).annotate(has_app=Exists(app), has_passkey=Exists(passkeys))

    @admin.display(description=_("account"), ordering="user__username")
    def account(self, grant: RoleGrant) -> str:
        return grant.user.get_username()

    @admin.display(description=_("role"), ordering="group__name")
    def role(self, grant: RoleGrant) -> str:
        return grant.role

    @admin.display(description=_("open"), boolean=True)
    def is_open(self, grant: RoleGrant) -> bool:
        return grant.user.is_active

    @admin.display(description=_("second factor"), boolean=True)
    def second_factor(self, grant: Any) -> bool:
        return bool(grant.has_app or grant.has_passkey)

    @admin.display(description=_("last sign-in"), ordering="user__last_login")
    def last_login(self, grant: RoleGrant) -> Any:
        return grant.user.last_login


def register() -> None:
    """Take the place of Django's own pages. Devices have none: their secrets are nobody's to read."""
    admin.site.unregister(User)
    admin.site.register(User, AccountAdmin)
    admin.site.register(RoleGrant, RoleGrantAdmin)
    admin.site.unregister([TOTPDevice, StaticDevice])
