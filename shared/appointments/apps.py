from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "shared.appointments"
    label = "appointments"
    verbose_name = "Пользователи и права доступа"
