"""The addresses of the monitoring partner."""

from django.urls import path

from cloud.partner import views

app_name = "partner"
urlpatterns = [
    path("centre/<int:organisation>/", views.centre, name="centre"),
    path("centre/<int:organisation>/remove/", views.remove, name="remove-centre"),
]
