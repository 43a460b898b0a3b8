"""URLs of the desk's page of phones."""

from django.urls import path

from cloud.push import views

app_name = "phones"
urlpatterns = [path("<int:organisation>/", views.edit, name="settings")]
