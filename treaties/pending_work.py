"""Pending tasks of treaty officers."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.kit.admin_base import link_to_list
from config.kit.pending_work import PendingTask
from treaties.models import ArmedConflictHold, Comparison, Difference, SentSource, Treaty, TreatyAction


def officer_tasks(user: User) -> Iterable[PendingTask]:
    """Records that wait for the second officer, which the user may be."""
    for model, address in ((TreatyAction, "treaties_treatyaction"), (ArmedConflictHold, "treaties_armedconflicthold")):
        if not user.has_perm(f"treaties.confirm_{model._meta.model_name}"):
            continue
        sent_back = model.objects.returned_to(user).count()
        if sent_back:
            text = ngettext("%(n)s record of yours was refused", "%(n)s records of yours were refused", sent_back)
            yield PendingTask(
                f"{model._meta.verbose_name_plural}: {text % {'n': sent_back}}",
                link_to_list(address, confirmed="refused"),
            )
        n = model.objects.waiting().exclude(recorded_by=user).count()
        if n:
            text = ngettext("%(n)s record waits for your confirmation", "%(n)s records wait for your confirmation", n)
            yield PendingTask(
                f"{model._meta.verbose_name_plural}: {text % {'n': n}}", link_to_list(address, confirmed="no")
            )
    if user.has_perm("treaties.view_comparison"):
        yield from _comparisons(user)
    yield from _sent_sources(user)


def begun_records(user: User) -> Iterable[PendingTask]:
    """Records of the ledger that the user has recorded and nobody has confirmed, and comparisons that the user has not finished."""
    for model, address in ((TreatyAction, "treaties_treatyaction"), (ArmedConflictHold, "treaties_armedconflicthold")):
        n = model.objects.filter(recorded_by=user, confirmed_at__isnull=True).exclude(review="taken_back").count()
        if n:
            text = ngettext("%(n)s record that is not confirmed", "%(n)s records that are not confirmed", n)
            yield PendingTask(
                f"{model._meta.verbose_name_plural}: {text % {'n': n}}", link_to_list(address, confirmed="no")
            )
    n = Comparison.objects.filter(compared_by=user, closed_at__isnull=True).count()
    if n:
        text = ngettext("%(n)s comparison that is not closed", "%(n)s comparisons that are not closed", n)
        yield PendingTask(text % {"n": n}, link_to_list("treaties_comparison"))


def _sent_sources(user: User) -> Iterable[PendingTask]:
    """Sources that readers sent for what the record does not know."""
    n = SentSource.objects.filter(decision=SentSource.Decision.OPEN).count()
    if n and user.has_perm("treaties.change_sentsource"):
        text = ngettext("%(n)s source sent by a reader to look at", "%(n)s sources sent by readers to look at", n)
        yield PendingTask(text % {"n": n}, link_to_list("treaties_sentsource", decision__exact="open"))


def _comparisons(user: User) -> Iterable[PendingTask]:
    """Differences to decide, comparisons to close, and treaties whose last comparison has grown old."""
    n = Difference.objects.filter(decision=Difference.Decision.OPEN).count()
    if n:
        text = ngettext(
            "%(n)s difference from the Depositary to decide", "%(n)s differences from the Depositary to decide", n
        )
        yield PendingTask(text % {"n": n}, link_to_list("treaties_difference", decision__exact="open"))
    closable = (
        Comparison.objects.filter(closed_at__isnull=True)
        .exclude(compared_by=user)
        .exclude(differences__decision="open")
    )
    if closable.exists():
        yield PendingTask(_("A comparison waits to be closed by you"), link_to_list("treaties_comparison"))
    for treaty in Treaty.objects.comparison_is_due(timezone.now().date()):
        if treaty.last_compared_on:
            text = _("%(treaty)s was last compared with the Depositary on %(day)s")
        else:
            text = _("%(treaty)s was never compared with the Depositary here")
        yield PendingTask(
            text % {"treaty": treaty, "day": treaty.last_compared_on}, reverse("admin:treaties_comparison_add")
        )
