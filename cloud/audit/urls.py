"""URLs of the audit log."""

from django.urls import path

from cloud.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.changes, name="changes"),
    path("export.csv", views.changes_csv, name="changes-csv"),
]
