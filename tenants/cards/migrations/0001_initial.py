import django.db.models.deletion
import shared.kernel.ids
from django.db import migrations, models

from shared.audit.operations import record_changes


class Migration(migrations.Migration):

    initial = True

    dependencies = [("history", "0002_functions")]

    operations = [
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.UUIDField(default=shared.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('origin', models.CharField(choices=[('group', 'Групповое изменение'), ('file', 'Загрузка карточек'), ('merge', 'Объединение карточек')], max_length=8, verbose_name='откуда')),
                ('kind', models.CharField(max_length=20, verbose_name='вид карточек')),
                ('title', models.CharField(max_length=300, verbose_name='что сделано')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='основание')),
                ('changed', models.PositiveIntegerField(default=0, verbose_name='изменено карточек')),
                ('created', models.PositiveIntegerField(default=0, verbose_name='создано карточек')),
                ('made_by', models.CharField(max_length=200, verbose_name='кто сделал')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='когда')),
                ('undone_by', models.CharField(blank=True, max_length=200, verbose_name='кто отменил')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='отменено')),
            ],
            options={
                'verbose_name': 'изменение многих карточек',
                'ordering': ['-made_at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('undone_at', None), ('undone_by', '')), models.Q(('undone_at__isnull', False), models.Q(('undone_by', ''), _negated=True)), _connector='OR'), name='batch_undone_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='SectionDraft',
            fields=[
                ('id', models.UUIDField(default=shared.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('account_id', models.UUIDField(verbose_name='чья учётная запись')),
                ('kind', models.CharField(max_length=20, verbose_name='вид карточки')),
                ('card_id', models.UUIDField(blank=True, null=True, verbose_name='карточка')),
                ('section', models.CharField(max_length=40, verbose_name='раздел')),
                ('texts', models.JSONField(default=dict, verbose_name='набрано')),
                ('base', models.JSONField(default=dict, verbose_name='было при открытии')),
                ('saved_at', models.DateTimeField(auto_now=True, verbose_name='сохранён')),
            ],
            options={
                'verbose_name': 'черновик раздела',
                'constraints': [models.UniqueConstraint(fields=('account_id', 'kind', 'card_id', 'section'), name='sectiondraft_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='BatchChange',
            fields=[
                ('id', models.UUIDField(default=shared.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('card_id', models.UUIDField(verbose_name='карточка')),
                ('old', models.JSONField(null=True, verbose_name='было')),
                ('new', models.JSONField(verbose_name='стало')),
                ('batch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='cards.batch', verbose_name='изменение')),
            ],
            options={
                'verbose_name': 'карточка в изменении многих',
                'constraints': [models.UniqueConstraint(fields=('batch', 'card_id'), name='batchchange_once')],
            },
        ),
        record_changes("cards_batch"),
        record_changes("cards_batchchange", hide=["old", "new"]),
        record_changes("cards_sectiondraft", hide=["texts", "base"]),
    ]
