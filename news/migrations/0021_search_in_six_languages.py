"""What a search shows of a thing in other languages. `reindex_search`, which `set_up` does, fills it."""

from django.db import migrations, models

from config.kit.migrations._generations import CountChanges, StopCounting


class Migration(migrations.Migration):

    dependencies = [
        ('news', '0020_language_of_alerts'),
    ]

    operations = [
        StopCounting('news', 'news_searchdocument'),
        migrations.AddField(
            model_name='searchdocument',
            name='bodies',
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            model_name='searchdocument',
            name='titles',
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AlterField(
            model_name='searchdocument',
            name='kind',
            field=models.CharField(choices=[('statement', 'Statement'), ('state', 'State'), ('campaign_action', 'Campaign action'), ('commitment', 'Commitment'), ('declaration', 'Declaration or reservation'), ('page', 'Page of this site')], max_length=15),
        ),
        CountChanges('news', 'news_searchdocument'),
    ]
