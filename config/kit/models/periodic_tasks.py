"""Commands that run every few minutes: when each began, ended and last did its work."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.kit.models.fields import LineField


class PeriodicTaskQuerySet(models.QuerySet["PeriodicTask"]):
    @contextmanager
    def recorded(self, name: str) -> Iterator[None]:
        """Note that a task runs, and how it ended. An error is noted by its kind alone, and raised again."""
        task, _made = self.get_or_create(name=name)
        task.begun_at, task.ended_at = timezone.now(), None
        task.save(update_fields=["begun_at", "ended_at"])
        try:
            yield
        except Exception as error:
            task.failure, task.failures_in_a_row = type(error).__name__, task.failures_in_a_row + 1
            raise
        else:
            task.succeeded_at, task.failure, task.failures_in_a_row = timezone.now(), "", 0
        finally:
            task.ended_at = timezone.now()
            task.save(update_fields=["ended_at", "succeeded_at", "failure", "failures_in_a_row"])

    def claim(self, name: str, now: datetime) -> bool:
        """Whether this process may run a task now: its interval is over, and no other process took it."""
        task, _made = self.get_or_create(name=name, defaults={"due_at": now})
        next_at = now + timedelta(seconds=settings.PERIODIC_TASKS[name])
        return self.filter(pk=task.pk, due_at__lte=now).update(due_at=next_at) == 1

    def overdue(self, now: datetime) -> dict[str, datetime | None]:
        """The tasks that are late by PERIODIC_TASKS_LATE_AFTER seconds or more, with the moment when they last did their work."""
        done = dict(self.values_list("name", "succeeded_at"))
        late = {}
        for name, interval in settings.PERIODIC_TASKS.items():
            last = done.get(name)
            if last is None or last < now - timedelta(seconds=interval + settings.PERIODIC_TASKS_LATE_AFTER):
                late[name] = last
        return late


class PeriodicTask(models.Model):
    """A command that `manage.py run_periodic`, or a timer of the machine, runs again and again."""

    name = LineField(_("command"), max_length=40, unique=True)
    due_at = models.DateTimeField(_("due at"), default=timezone.now)
    begun_at = models.DateTimeField(_("last begun at"), null=True)
    ended_at = models.DateTimeField(_("last ended at"), null=True, help_text=_("Empty while it runs."))
    succeeded_at = models.DateTimeField(_("last did its work at"), null=True)
    failure = LineField(
        _("last failure"), max_length=80, blank=True, help_text=_("The kind of error; the log has more.")
    )
    failures_in_a_row = models.PositiveIntegerField(_("failures in a row"), default=0)

    objects = PeriodicTaskQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("periodic task")
        verbose_name_plural = _("periodic tasks")

    def __str__(self) -> str:
        return self.name

    @property
    def took(self) -> timedelta | None:
        """How long its last run took; None while it runs."""
        return self.ended_at - self.begun_at if self.begun_at and self.ended_at else None
