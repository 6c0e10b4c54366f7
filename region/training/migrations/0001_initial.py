import django.db.models.deletion
import django.utils.timezone
import shared.kernel.ids
from django.conf import settings
from django.db import migrations, models

from shared.audit.operations import record_changes


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('audit', '0003_rows'),
        ('access', '0004_support_and_approvals'),
        ('organizations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Registration',
            fields=[
                ('id', models.UUIDField(default=shared.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name_key', models.CharField(max_length=310, verbose_name='имя для сравнения')),
                ('born_on', models.DateField(verbose_name='дата рождения')),
                ('email', models.EmailField(max_length=200, verbose_name='электронная почта')),
                ('consent_form', models.CharField(choices=[('electronic', 'Электронно при регистрации'), ('paper', 'Письменно, хранится в организации')], max_length=10, verbose_name='форма согласия')),
                ('consent_version', models.CharField(max_length=20, verbose_name='редакция согласия')),
                ('consent_text', models.TextField(verbose_name='текст согласия')),
                ('consent_at', models.DateTimeField(verbose_name='согласие дано')),
                ('registered_by', models.CharField(max_length=310, verbose_name='кто зарегистрировал')),
                ('registered_by_other', models.BooleanField(default=False, verbose_name='зарегистрирован ответственным работником')),
                ('registered_at', models.DateTimeField(auto_now_add=True, verbose_name='зарегистрирован')),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='registration', to=settings.AUTH_USER_MODEL, verbose_name='учётная запись')),
            ],
            options={
                'verbose_name': 'регистрация работника образования',
            },
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.UUIDField(default=shared.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.CharField(choices=[('employment', 'Место работы'), ('ministry_worker', 'Работник министерства'), ('territory_worker', 'Работник территориального управления министерства'), ('city_worker', 'Работник департамента образования городского округа'), ('agency_worker', 'Работник иного органа исполнительной власти'), ('provider', 'Работник организации-организатора курсов'), ('org_responsible', 'Ответственный работник образовательной организации')], max_length=20, verbose_name='что подтвердить')),
                ('other_place', models.CharField(blank=True, max_length=300, verbose_name='другая организация')),
                ('position', models.CharField(blank=True, max_length=150, verbose_name='должность')),
                ('order_number', models.CharField(blank=True, max_length=40, verbose_name='№ приказа')),
                ('order_date', models.DateField(null=True, verbose_name='дата приказа')),
                ('scan_name', models.CharField(blank=True, max_length=130, verbose_name='файл приказа')),
                ('scan_type', models.CharField(blank=True, max_length=100, verbose_name='вид файла')),
                ('scan_sha256', models.CharField(blank=True, max_length=64, verbose_name='контрольная сумма')),
                ('state', models.CharField(choices=[('waiting', 'На проверке'), ('confirmed', 'Подтверждено'), ('refused', 'Отказано'), ('replaced', 'Заменено новым')], default='waiting', max_length=10, verbose_name='состояние')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='подано')),
                ('due_on', models.DateField(verbose_name='рассмотреть до')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='когда решено')),
                ('decided_by', models.CharField(blank=True, max_length=310, verbose_name='кто решил')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='причина отказа')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='учётная запись')),
                ('authority', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.authoritybody', verbose_name='орган управления')),
                ('grant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.rolegrant', verbose_name='назначение')),
                ('organization', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization', verbose_name='организация')),
                ('registration', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='training.registration', verbose_name='регистрация')),
            ],
            options={
                'verbose_name': 'запрос на проверку в системе «Кадры»',
            },
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.UniqueConstraint(fields=('name_key', 'born_on'), name='registration_one_person'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.UniqueConstraint(fields=('email',), name='registration_one_email'),
        ),
        migrations.AddIndex(
            model_name='claim',
            index=models.Index(fields=['state', 'due_on'], name='claim_queue'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('registration', 'subject'), name='claim_one_waiting'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('subject', 'employment'), models.Q(models.Q(('order_number', ''), _negated=True), ('order_date__isnull', False), models.Q(('scan_sha256', ''), _negated=True)), _connector='OR'), name='claim_group_by_order'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'replaced']), models.Q(('decided_at__isnull', False), models.Q(('decided_by', ''), _negated=True)), _connector='OR'), name='claim_decided_whole'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='claim_refused_with_reason'),
        ),
        record_changes(
            "training_registration",
            in_public=True,
            account="account_id",
            hide=["name_key", "born_on", "email", "consent_text"],
        ),
        record_changes("training_claim", in_public=True, account="account_id", hide=["scan_sha256"]),
    ]
