"""URLs for people without a link."""

from django.urls import path

from cloud.family import public_views as views

app_name = "join"
urlpatterns = [
    path("apply/<str:token>/", views.apply, name="apply"),
    path("code/<str:signed>/", views.code, name="code"),
    path("thanks/", views.thanks, name="thanks"),
    path("lost/", views.lost, name="lost"),
]
