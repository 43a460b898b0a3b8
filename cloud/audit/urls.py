"""URLs of the audit log."""

from django.urls import path

from cloud.audit import setting_views, views

app_name = "audit"
urlpatterns = [
    path("", views.changes, name="changes"),
    path("settings/", setting_views.own_settings, name="own-settings"),
    path("settings/<int:organisation>/", setting_views.settings_of, name="settings-of"),
    path("export.csv", views.changes_csv, name="changes-csv"),
]
