import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='HistoryEvent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(verbose_name='когда')),
                ('actor', models.CharField(max_length=200, verbose_name='кто')),
                ('actor_name', models.CharField(max_length=310, verbose_name='имя')),
                ('request_id', models.CharField(max_length=40, verbose_name='номер запроса')),
                ('action', models.CharField(max_length=40, verbose_name='действие')),
                ('object_kind', models.CharField(max_length=63, verbose_name='что')),
                ('object_id', models.CharField(max_length=80, verbose_name='номер записи')),
                ('changes', models.JSONField(null=True, verbose_name='изменения')),
                ('rows', models.IntegerField(verbose_name='строк')),
                ('reason', models.TextField(verbose_name='причина')),
                ('facts', models.JSONField(verbose_name='сведения')),
                ('seal_no', models.BigIntegerField(null=True, verbose_name='номер в цепочке')),
                ('seal', models.BinaryField(null=True, verbose_name='печать')),
            ],
            options={
                'verbose_name': 'запись истории',
                'db_table': 'history_event',
                'ordering': ['-id'],
                'abstract': False,
                'indexes': [django.contrib.postgres.indexes.HashIndex(fields=['object_id'], name='history_event_object'), django.contrib.postgres.indexes.BrinIndex(fields=['at'], name='history_event_at'), models.Index(condition=models.Q(('seal_no', None)), fields=['id'], name='history_event_unsealed')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('seal_no__isnull', False)), fields=('seal_no',), name='history_event_number')],
            },
        ),
    ]
