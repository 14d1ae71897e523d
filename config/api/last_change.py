"""The time of the last change to public content (`Last-Modified` of the API): from the histories, publications and the date."""

from datetime import UTC, datetime, time

from django.apps import apps
from django.db.models import Max, QuerySet
from django.utils import timezone

from campaign.models import DayTally
from news.models import Statement

RECORDS = ("treaties", "campaign", "news")


def changed_at() -> datetime:
    """The last moment at which any answer of the site may have changed. One query.

    Statuses depend on the day, so nothing is older than the day's beginning (UTC).
    """
    now = timezone.now()
    histories = [m for m in apps.get_models() if m._meta.app_label in RECORDS and hasattr(m, "history_object")]
    newest: list[QuerySet] = [m._default_manager.order_by().values_list(Max("history_date")) for m in histories]
    newest.append(DayTally.objects.order_by().values_list(Max("moved_at")))
    became_public = Statement.objects.public(now).order_by().values_list(Max("publish_at"))
    moments = [moment for (moment,) in became_public.union(*newest, all=True) if moment]
    return max([datetime.combine(now.date(), time(), UTC), *moments])
