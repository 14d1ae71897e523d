"""Plain names for models, fields and triggers. Tables, columns and rows stay as they are."""

from django.db import migrations, models

from config.kit.migrations._triggers import MakeWay

APP = "treaties"
RENAMED = {"ledgerclock": "ledgersequence"}
TABLES = ("treaties_treatyaction", "treaties_armedconflicthold")
OLD_TRIGGERS = ("keep", "stay", "whole")
NEW_TRIGGERS = ("no_update", "no_delete", "no_truncate")


def _drop_triggers(schema_editor, suffixes):
    """Under the names of the other side: the code of either side makes its own after every migration."""
    for table in TABLES:
        for suffix in suffixes:
            on = f' ON "{table}"' if schema_editor.connection.vendor == "postgresql" else ""
            schema_editor.execute(f'DROP TRIGGER IF EXISTS "{table}_{suffix}"{on}')


def drop_old_triggers(apps, schema_editor):
    _drop_triggers(schema_editor, OLD_TRIGGERS)


def drop_new_triggers(apps, schema_editor):
    _drop_triggers(schema_editor, NEW_TRIGGERS)


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


def _rename_field(model, old, new):
    return [
        migrations.AlterField(model, old, models.DateField(db_column=old, null=True, verbose_name=old)),
        migrations.RenameField(model, old, new),
    ]


class Migration(migrations.Migration):

    dependencies = [
        ("kit", "0001_shared_tables"),
        ("treaties", "0002_access_tokens_and_repeated_requests"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        MakeWay("treaties_"),
        migrations.SeparateDatabaseAndState(
            database_operations=[],
            state_operations=[
                migrations.DeleteModel("AccessToken"),
                migrations.DeleteModel("IdempotentRequest"),
                migrations.DeleteModel("LoadedRow"),
                *_rename_field("difference", "theirs", "depositary_date"),
                *_rename_field("difference", "ours", "ledger_date"),
                *_rename_field("historicaldifference", "theirs", "depositary_date"),
                *_rename_field("historicaldifference", "ours", "ledger_date"),
                migrations.AlterModelTable("ledgerclock", "treaties_ledgerclock"),
                migrations.RenameModel("LedgerClock", "LedgerSequence"),
            ],
        ),
        migrations.RunPython(rename_content_types, rename_content_types_back),
        migrations.RunPython(drop_old_triggers, drop_new_triggers),
    ]
