"""Plain names for models and fields. Tables, columns, constraints and rows stay as they are."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from config.kit.migrations._triggers import MakeWay

APP = "campaign"
RENAMED = {"look": "accesslogentry", "nevermail": "suppression", "departure": "removedpledge"}
STATUSES = [
    ("queued", "Queued"),
    ("sending", "Being sent"),
    ("sent", "Sent"),
    ("cancelled", "Not needed any more"),
    ("refused", "Refused by the server"),
    ("uncertain", "Handed over, outcome unknown"),
]
KEYED = "A keyed hash of the address in its normal form: one person backs a campaign once."


def _rename_content_types(apps, using, names):
    """Rename content types with their permissions, so that rights and the admin's log go along."""
    content_types = apps.get_model("contenttypes", "ContentType").objects.using(using)
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    for old, new in names:
        renamed = content_types.filter(app_label=APP, model=old).first()
        if renamed is None:
            continue
        content_types.filter(app_label=APP, model=new).delete()
        renamed.model = new
        renamed.save(update_fields=["model"])
        for verb in ("add", "change", "delete", "view"):
            permissions.filter(content_type=renamed, codename=f"{verb}_{old}").update(codename=f"{verb}_{new}")


def rename_content_types(apps, schema_editor):
    _rename_content_types(apps, schema_editor.connection.alias, RENAMED.items())


def rename_content_types_back(apps, schema_editor):
    _rename_content_types(apps, schema_editor.connection.alias, [(new, old) for old, new in RENAMED.items()])


def _rename_field(model, old, new, field):
    return [migrations.AlterField(model, old, field), migrations.RenameField(model, old, new)]


class Migration(migrations.Migration):

    dependencies = [
        ("campaign", "0007_actions_held_back"),
        ("treaties", "0003_plain_names"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        MakeWay("campaign_"),
        migrations.SeparateDatabaseAndState(
            database_operations=[],
            state_operations=[
                migrations.RemoveConstraint("mail", "mail_once_waiting_per_campaign_and_person"),
                migrations.RemoveConstraint("mail", "mail_once_waiting_per_topic_and_number"),
                migrations.RemoveConstraint("pledge", "pledge_once_per_campaign_and_address"),
                migrations.RemoveIndex("mail", "mail_of_a_person"),
                migrations.RemoveIndex("mail", "mail_waiting"),
                *_rename_field(
                    "mail", "person", "address_hash",
                    models.CharField(db_column="person", help_text="The keyed hash of the address.", max_length=64),
                ),
                *_rename_field(
                    "mail", "trouble", "last_error",
                    models.CharField(blank=True, db_column="trouble", help_text="The kind of error, without the person.", max_length=80, verbose_name="last trouble"),
                ),
                *_rename_field(
                    "mail", "about", "object_id",
                    models.PositiveBigIntegerField(db_column="about", help_text="The row that another app's letter is about; pledges have their own field.", null=True, verbose_name="number"),
                ),
                *_rename_field(
                    "mail", "standing", "status",
                    models.CharField(choices=STATUSES, db_column="standing", default="queued", max_length=10, verbose_name="standing"),
                ),
                *_rename_field(
                    "mail", "topic", "kind",
                    models.CharField(db_column="topic", default="pledge", help_text="Whose letter it is: see `campaign.mailing.outbox`.", max_length=20, verbose_name="topic"),
                ),
                *_rename_field(
                    "pledge", "address_key", "address_hash",
                    models.CharField(db_column="address_key", editable=False, help_text=KEYED, max_length=64),
                ),
                *_rename_field(
                    "nevermail", "person", "address_hash", models.CharField(db_column="person", max_length=64, unique=True)
                ),
                migrations.AlterField(
                    "departure",
                    "campaign",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="removed_pledges", to="campaign.campaign"),
                ),
                migrations.AddIndex("mail", models.Index(fields=["address_hash"], name="mail_of_a_person")),
                migrations.AddIndex(
                    "mail",
                    models.Index(condition=Q(("status__in", ("queued", "sending"))), fields=["due_at"], name="mail_waiting"),
                ),
                migrations.AddConstraint(
                    "mail",
                    models.UniqueConstraint(
                        condition=Q(("status__in", ("queued", "sending"))),
                        fields=("campaign", "address_hash"),
                        name="mail_once_waiting_per_campaign_and_person",
                    ),
                ),
                migrations.AddConstraint(
                    "mail",
                    models.UniqueConstraint(
                        condition=Q(("object_id__isnull", False), ("status__in", ("queued", "sending"))),
                        fields=("kind", "object_id"),
                        name="mail_once_waiting_per_topic_and_number",
                    ),
                ),
                migrations.AddConstraint(
                    "pledge",
                    models.UniqueConstraint(
                        fields=("campaign", "address_hash"),
                        name="pledge_once_per_campaign_and_address",
                        violation_error_message="This address backs the campaign already.",
                    ),
                ),
                migrations.AlterModelTable("look", "campaign_look"),
                migrations.AlterModelTable("nevermail", "campaign_nevermail"),
                migrations.AlterModelTable("departure", "campaign_departure"),
                migrations.RenameModel("Look", "AccessLogEntry"),
                migrations.RenameModel("NeverMail", "Suppression"),
                migrations.RenameModel("Departure", "RemovedPledge"),
            ],
        ),
        migrations.RunPython(rename_content_types, rename_content_types_back),
    ]
