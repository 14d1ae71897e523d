"""The staff log: each request of an editor that writes, each refusal, each sign-in, each look at personal data is one event."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from simple_history.models import HistoricalRecords
from simple_history.signals import post_create_historical_record

from campaign.models import AccessLogEntry
from campaign.roles import PERSONAL
from config.kit.admin_base import staff_user
from config.kit.incoming.visitors import address_of, network_of
from config.kit.models import StaffEvent

Handler = Callable[[HttpRequest], HttpResponseBase]
Door, What = StaffEvent.Door, StaffEvent.What
SAFE = ("GET", "HEAD", "OPTIONS")
TOLD = 1000
"""Characters of what an editor was told that are kept."""


def events(get_response: Handler) -> Handler:
    """Middleware: one event for each request by which an editor writes, with all that it changed, or with the refusal."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.method not in SAFE and _is_an_editors(request):
            _note(request, response)
        return response

    return answer


def _is_an_editors(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    by_a_door = request.path.startswith(("/admin/", "/api/"))
    return by_a_door and user is not None and user.is_authenticated and user.is_staff


def _note(request: HttpRequest, response: HttpResponseBase) -> None:
    door, model, key = _object_of(request)
    told, is_refused = _told(request, response)
    if door == Door.SIGN_IN:
        return
    StaffEvent.objects.create(
        user=staff_user(request),
        network=_network(request),
        door=door,
        what=What.REFUSED if is_refused else What.WROTE,
        address=request.path[:300],
        model=model,
        key=key,
        # What is told beside personal data may carry some of it.
        told="" if model.partition(".")[2] in PERSONAL else told[:TOLD],
        changes=_changes(getattr(request, "_history_of_staff", [])),
    )


def _object_of(request: HttpRequest) -> tuple[str, str, str]:
    """The door, the kind and the key of what a request is about, by its address."""
    match = request.resolver_match
    if match is None:
        return Door.PAGE, "", ""
    key = str(next((match.kwargs[name] for name in ("object_id", "pk", "slug") if name in match.kwargs), ""))[:40]
    name = match.url_name or ""
    if match.namespace != "admin":
        queryset = getattr(getattr(match.func, "cls", None), "queryset", None)
        return Door.API, queryset.model._meta.label_lower if queryset is not None else "", key
    if name in ("login", "logout"):
        return Door.SIGN_IN, "", ""
    app, _line, rest = name.partition("_")
    model, _line, page = rest.partition("_")
    door = {"add": Door.FORM, "change": Door.FORM, "changelist": Door.LIST}.get(page, Door.PAGE)
    return door, f"{app}.{model}" if model else "", key


def _told(request: HttpRequest, response: HttpResponseBase) -> tuple[str, bool]:
    """What the editor was told, and whether it was a refusal."""
    queued = list(getattr(getattr(request, "_messages", None), "_queued_messages", []))
    refused = any(message.level >= messages.ERROR for message in queued)
    words = [str(message) for message in queued]
    context = getattr(response, "context_data", None) or {}
    errors = context.get("errors") if request.path.startswith("/admin/") else None
    if errors:
        refused = True
        words += [str(error) for group in errors for error in (group if isinstance(group, list) else [group])]
    if response.status_code >= 400:
        refused = True
        words.append(str(response.status_code))
        problem = getattr(response, "data", None)
        if isinstance(problem, dict):
            words += [str(problem[name]) for name in ("detail", "errors") if problem.get(name)]
    return "\n".join(words), refused


def _network(request: HttpRequest) -> str:
    address = address_of(request)
    return network_of(address) if address else ""


# --- What was changed ----------------------------------------------------------------------------------------


@receiver(post_create_historical_record, dispatch_uid="config.staff_log.history")
def _collect(sender: object, history_instance: Any, **kwargs: Any) -> None:
    """Keep each version that is made during a request, to be told in its event."""
    request = getattr(HistoricalRecords.context, "request", None)
    if request is not None:
        request.__dict__.setdefault("_history_of_staff", []).append(history_instance)


def _changes(versions: Iterable[Any]) -> list[dict[str, Any]]:
    """The versions that stand, each with its fields before and after. What was rolled back is left out."""
    by_model: dict[type[Model], list[Any]] = {}
    for version in versions:
        by_model.setdefault(type(version), []).append(version)
    found = []
    for model, made in by_model.items():
        standing = set(model._default_manager.filter(pk__in=[v.pk for v in made]).values_list("pk", flat=True))
        found += [_change(version) for version in made if version.pk in standing]
    return json.loads(json.dumps(found, cls=DjangoJSONEncoder))


def _change(version: Any) -> dict[str, Any]:
    meta = version.instance_type._meta
    names = [f.attname for f in meta.concrete_fields if hasattr(version, f.attname)]
    before = version.prev_record if version.history_type != "+" else None
    after = {name: getattr(version, name) for name in names}
    old = {name: getattr(before, name) for name in names} if before is not None else {}
    changed = [name for name in names if before is None or old[name] != after[name]]
    return {
        "model": meta.label_lower,
        "key": str(version.instance_type(**{meta.pk.attname: getattr(version, meta.pk.attname)}).pk),
        "change": {"+": "added", "~": "changed", "-": "deleted"}[version.history_type],
        "before": {name: old[name] for name in changed} if before is not None else None,
        "after": {name: after[name] for name in changed} if version.history_type != "-" else None,
    }


# --- Signing in, and looks at personal data ------------------------------------------------------------------


@receiver(user_logged_in, dispatch_uid="config.staff_log.signed_in")
def _signed_in(sender: object, request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    _note_sign_in(request, user, What.SIGNED_IN)


@receiver(user_logged_out, dispatch_uid="config.staff_log.signed_out")
def _signed_out(sender: object, request: HttpRequest | None, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        _note_sign_in(request, user, What.SIGNED_OUT)


@receiver(user_login_failed, dispatch_uid="config.staff_log.failed")
def _failed(sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    account = User.objects.filter(username=credentials.get("username") or "").first()
    _note_sign_in(request, account, What.SIGN_IN_FAILED)


def _note_sign_in(request: HttpRequest | None, user: User | None, what: str) -> None:
    if request is None:
        return
    StaffEvent.objects.create(
        user=user, network=_network(request), door=Door.SIGN_IN, what=what, address=request.path[:300]
    )


@receiver(post_save, sender=AccessLogEntry, dispatch_uid="config.staff_log.looked")
def _looked(sender: object, instance: AccessLogEntry, created: bool, **kwargs: Any) -> None:
    request = getattr(HistoricalRecords.context, "request", None)
    if created:
        StaffEvent.objects.create(
            user=instance.user,
            network=_network(request) if request is not None else "",
            door=Door.PAGE,
            what=What.LOOKED,
            address=request.path[:300] if request is not None else "",
            model="campaign.pledge",
            key=str(instance.pk),
            told=f"{instance.get_what_display()}: {len(instance.pledges)}",
        )
