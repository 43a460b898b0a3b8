from django.apps import AppConfig


class DevicesConfig(AppConfig):
    name = "cloud.devices"
    default_auto_field = "django.db.models.BigAutoField"
