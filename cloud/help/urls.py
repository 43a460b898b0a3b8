"""The help board's addresses."""

from django.urls import path

from cloud.help import partner_views, views

app_name = "help"
urlpatterns = [
    path("", views.show, name="board"),
    path("requests/", views.part, name="requests"),
    path("count/", views.count, name="count"),
    path("partner/", partner_views.partners, name="partners"),
    path("partner/<int:organisation>/", partner_views.partner, name="partner"),
    path("partner/<int:organisation>/remove/", partner_views.remove, name="remove-partner"),
    path("<int:pk>/take/", views.take, name="take"),
    path("<int:pk>/arrive/", views.arrive, name="arrive"),
    path("<int:pk>/close/", views.close, name="close"),
]
