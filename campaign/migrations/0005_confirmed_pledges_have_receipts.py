from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("campaign", "0004_earlier_pledges_are_keyed_and_counted"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('receipt__isnull', True)), models.Q(('confirmed_at__isnull', False), ('receipt__isnull', False)), _connector='OR'), name='pledge_confirmed_has_a_receipt'),
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.CheckConstraint(condition=models.Q(('invalidation__isnull', True), ('confirmed_at__isnull', False), _connector='OR'), name='pledge_invalidated_was_confirmed'),
        ),
    ]
