"""Content filters become codes of their classifier, several at once; a charge remembers that a dismissal ended it.

What was typed before stays as a name that no classifier knows: it is shown, and may be replaced by a value.
"""

import django.contrib.postgres.fields
from django.db import migrations, models

MOVE = """
update organization_organizationcard set content_filters = array[content_filter] where content_filter <> ''
"""


class Migration(migrations.Migration):
    dependencies = [("organization", "0002_history_and_first_row")]
    operations = [
        migrations.AddField(
            model_name="organizationcard",
            name="content_filters",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=300),
                blank=True,
                db_default=[],
                default=list,
                size=None,
                verbose_name="средства контентной фильтрации",
            ),
        ),
        migrations.RunSQL([MOVE], migrations.RunSQL.noop),
        migrations.RemoveField(model_name="organizationcard", name="content_filter"),
        migrations.AddField(
            model_name="responsibleperson",
            name="held_to_before",
            field=models.DateField(blank=True, null=True, verbose_name="срок до увольнения"),
        ),
        migrations.AddField(
            model_name="responsibleperson",
            name="is_ended_by_dismissal",
            field=models.BooleanField(db_default=False, default=False, verbose_name="завершено увольнением"),
        ),
    ]
