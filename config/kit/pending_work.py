"""Work that waits for an editor, shown on the first page of the admin. Each app registers what it knows of."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from config.kit.extension_points import ExtensionPoint
from config.kit.models import PeriodicTask, Webhook


@dataclass(frozen=True)
class PendingTask:
    """Something that an editor is asked to do: a sentence, and the address where it is done."""

    text: str
    url: str


pending_tasks: ExtensionPoint[Callable[[User], Iterable[PendingTask]]] = ExtensionPoint()
"""Functions that find the tasks of an editor."""


begun_work: ExtensionPoint[Callable[[User], Iterable[PendingTask]]] = ExtensionPoint()
"""Functions that find what an editor has begun and others must go on with, should the editor leave."""


def overdue_tasks(user: User) -> Iterator[PendingTask]:
    """For administrators: the periodic tasks that did not do their work for long."""
    if user.is_superuser:
        for name, last in PeriodicTask.objects.overdue(timezone.now()).items():
            since = date_format(last, "j F Y, H:i") if last else _("never")
            text = _("The periodic task %(name)s last did its work: %(since)s.") % {"name": name, "since": since}
            yield PendingTask(text, reverse("admin:kit_periodictask_changelist"))


def silent_webhooks(user: User) -> Iterator[PendingTask]:
    """The editor's webhooks that were switched off since their receivers were gone or did not answer."""
    for webhook in Webhook.objects.filter(owner=user, is_active=False).exclude(last_error=""):
        text = _("Nothing is sent to your webhook %(url)s any more: %(why)s") % {
            "url": webhook.url,
            "why": webhook.last_error,
        }
        yield PendingTask(text, reverse("admin:kit_webhook_changelist"))


def begun_work_of(user: User) -> list[PendingTask]:
    """What an editor has begun and not finished, from all apps."""
    return [task for find in begun_work for task in find(user)]


def pending_tasks_of(user: User) -> list[PendingTask]:
    """The tasks of an editor from all apps, in the order in which the apps registered."""
    return [task for find in pending_tasks for task in find(user)]
