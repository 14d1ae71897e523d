import secrets

from django.db import migrations
from django.db.models import Count, Q
from django.utils import timezone

from campaign.pledging.addresses import address_hash, domain_of


def key_and_count(apps, schema_editor):
    """Pledges made before there was a form (demonstration data) get their keys, receipts and counters."""
    pledge, state_tally, day_tally = (apps.get_model("campaign", m) for m in ("Pledge", "StateTally", "DayTally"))
    for row in pledge.objects.iterator():
        row.address_key, row.domain = address_hash(row.email), domain_of(row.email)
        row.receipt = secrets.token_hex(8).upper() if row.confirmed_at else None
        row.save(update_fields=["address_key", "domain", "receipt"])
    counted = pledge.objects.filter(confirmed_at__isnull=False).order_by()
    for campaign, state, n, made_up in counted.values_list("campaign_id", "state_id").annotate(
        n=Count("pk"), made_up=Count("pk", filter=Q(is_demonstration=True))
    ):
        state_tally.objects.create(campaign_id=campaign, state_id=state, counted=n, demonstration=made_up)
    for campaign, day, n in counted.values_list("campaign_id", "confirmed_at__date").annotate(n=Count("pk")):
        day_tally.objects.create(campaign_id=campaign, day=day, confirmed=n, counted=n, moved_at=timezone.now())


def forget_counters(apps, schema_editor):
    for name in ("StateTally", "DayTally"):
        apps.get_model("campaign", name).objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [("campaign", "0003_pledges_are_counted_and_mailed")]

    operations = [migrations.RunPython(key_and_count, forget_counters)]
