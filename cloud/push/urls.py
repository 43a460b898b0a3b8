"""The address of the desk's page about phones."""

from django.urls import path

from cloud.push import views

app_name = "phones"
urlpatterns = [path("<int:organisation>/", views.edit, name="settings")]
