"""The addresses of the monitoring partner."""

from django.urls import path

from cloud.partner import registration_views, rota_views, views

app_name = "partner"
urlpatterns = [
    path("centre/<int:organisation>/", views.centre, name="centre"),
    path("centre/<int:organisation>/remove/", views.remove, name="remove-centre"),
    path("registrations/<int:organisation>/", registration_views.show, name="registrations"),
    path("residents/<int:pk>/", registration_views.resident, name="resident"),
    path("rota/<int:organisation>/", rota_views.show, name="rota"),
    path("rota/<int:organisation>/people/new/", rota_views.new_person, name="new-person"),
    path(
        "rota/<int:organisation>/people/<int:person>/remove/", rota_views.remove_person, name="remove-person"
    ),
    path("rota/<int:organisation>/shifts/new/", rota_views.new_shift, name="new-shift"),
    path("rota/<int:organisation>/shifts/<int:shift>/remove/", rota_views.remove_shift, name="remove-shift"),
]
