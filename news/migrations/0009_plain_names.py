"""Plain names for fields. Tables, columns, constraints and rows stay as they are."""

from django.db import migrations, models
from django.db.models import Q

from config.kit.migrations._triggers import MakeWay


def _rename_field(model, old, new, field):
    return [migrations.AlterField(model, old, field), migrations.RenameField(model, old, new)]


class Migration(migrations.Migration):

    dependencies = [("news", "0008_bundles"), ("campaign", "0008_plain_names"), ("treaties", "0003_plain_names")]

    operations = [
        MakeWay("news_"),
        migrations.SeparateDatabaseAndState(
            database_operations=[],
            state_operations=[
                migrations.RemoveIndex("bundle", "bundle_due"),
                migrations.RemoveConstraint("subscription", "subscription_once_per_address_and_state"),
                migrations.RemoveConstraint("subscription", "subscription_once_per_address_and_topic"),
                *_rename_field(
                    "bundle", "minute", "release_at",
                    models.DateTimeField(db_column="minute", help_text="UTC.", verbose_name="public from"),
                ),
                *_rename_field(
                    "historicalbundle", "minute", "release_at",
                    models.DateTimeField(db_column="minute", help_text="UTC.", verbose_name="public from"),
                ),
                *_rename_field(
                    "subscription", "address_key", "address_hash",
                    models.CharField(db_column="address_key", editable=False, max_length=64),
                ),
                *_rename_field(
                    "subscription", "told_until", "notified_until",
                    models.DateTimeField(db_column="told_until", help_text="What happened up to then has been told.", null=True),
                ),
                *_rename_field(
                    "subscription", "telling_until", "notifying_until",
                    models.DateTimeField(db_column="telling_until", help_text="What the mail under way tells up to.", null=True),
                ),
                migrations.AlterModelOptions(
                    "bundle",
                    {"ordering": ["-release_at", "-id"], "verbose_name": "bundle", "verbose_name_plural": "bundles"},
                ),
                migrations.AddIndex(
                    "bundle",
                    models.Index(condition=Q(("failure", ""), ("released_at__isnull", True)), fields=["release_at"], name="bundle_due"),
                ),
                migrations.AddConstraint(
                    "subscription",
                    models.UniqueConstraint(
                        condition=Q(("state__isnull", False)),
                        fields=("address_hash", "topic", "state"),
                        name="subscription_once_per_address_and_state",
                    ),
                ),
                migrations.AddConstraint(
                    "subscription",
                    models.UniqueConstraint(
                        condition=Q(("state__isnull", True)),
                        fields=("address_hash", "topic"),
                        name="subscription_once_per_address_and_topic",
                    ),
                ),
            ],
        ),
    ]
