"""Access tokens, repeated requests and loaded rows belong to no app: they move here from treaties.

The tables, their rows and their names stay. Only the state of the migrations and the content types move, with which
permissions and the admin's log go along.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

MODELS = ("accesstoken", "idempotentrequest", "loadedrow")


def _move_content_types(apps, using, old, new):
    content_types = apps.get_model("contenttypes", "ContentType").objects.using(using)
    for model in MODELS:
        moved = content_types.filter(app_label=old, model=model).first()
        if moved is not None:
            content_types.filter(app_label=new, model=model).delete()
            moved.app_label = new
            moved.save(update_fields=["app_label"])


def to_kit(apps, schema_editor):
    _move_content_types(apps, schema_editor.connection.alias, "treaties", "kit")


def to_treaties(apps, schema_editor):
    _move_content_types(apps, schema_editor.connection.alias, "kit", "treaties")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("treaties", "0002_access_tokens_and_repeated_requests"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[],
            state_operations=[
                migrations.CreateModel(
                    name="AccessToken",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(help_text="What it is for, for example 'Import from our sheet'.", max_length=80, verbose_name="name")),
                        ("prefix", models.CharField(editable=False, max_length=8, verbose_name="begins with")),
                        ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                        ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                        ("expires_at", models.DateTimeField(verbose_name="expires at")),
                        ("revoked_at", models.DateTimeField(editable=False, null=True, verbose_name="revoked at")),
                        ("last_used_at", models.DateTimeField(editable=False, null=True, verbose_name="last used at")),
                        ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="access_tokens", to=settings.AUTH_USER_MODEL, verbose_name="editor")),
                    ],
                    options={
                        "verbose_name": "access token",
                        "verbose_name_plural": "access tokens",
                        "db_table": "treaties_accesstoken",
                        "ordering": ["-created_at", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="IdempotentRequest",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("key_hash", models.CharField(max_length=64, unique=True)),
                        ("body_hash", models.CharField(max_length=64)),
                        ("begun_at", models.DateTimeField(auto_now_add=True)),
                        ("status", models.PositiveSmallIntegerField(null=True)),
                        ("answer", models.JSONField(null=True)),
                        ("location", models.CharField(blank=True, max_length=500)),
                    ],
                    options={
                        "db_table": "treaties_idempotentrequest",
                        "indexes": [models.Index(fields=["begun_at"], name="idempotentrequest_begun")],
                    },
                ),
                migrations.CreateModel(
                    name="LoadedRow",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("file", models.CharField(max_length=80)),
                        ("key", models.CharField(max_length=200)),
                        ("digest", models.CharField(help_text="SHA-256 of the row as it was loaded.", max_length=64)),
                        ("loaded_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "verbose_name": "loaded row",
                        "verbose_name_plural": "loaded rows",
                        "db_table": "treaties_loadedrow",
                        "ordering": ["file", "key"],
                        "constraints": [models.UniqueConstraint(fields=("file", "key"), name="row_loaded_once")],
                    },
                ),
            ],
        ),
        migrations.RunPython(to_kit, to_treaties),
    ]
