from django.apps import AppConfig


class ViewsConfig(AppConfig):
    name = "cloud.views"
    default_auto_field = "django.db.models.BigAutoField"
