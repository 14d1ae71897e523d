"""Keeps the roles that are held. A migration of its own, since PostgreSQL does not alter a table that was written to just before."""

from django.db import migrations


def keep_what_is_held(apps, schema_editor):
    """Roles that were given before this was kept: nobody knows any more since when and by whom."""
    RoleGrant, User = apps.get_model("kit", "RoleGrant"), apps.get_model("auth", "User")
    held = [RoleGrant(user=user, group=None) for user in User.objects.filter(is_superuser=True)]
    for user in User.objects.filter(groups__isnull=False).distinct():
        held += [RoleGrant(user=user, group=group) for group in user.groups.all()]
    RoleGrant.objects.bulk_create(held)


class Migration(migrations.Migration):
    dependencies = [("kit", "0004_role_grants")]

    operations = [migrations.RunPython(keep_what_is_held, migrations.RunPython.noop)]
