"""The addresses of the door."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from cloud.organisations import role_views, views

app_name = "organisations"
urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(next_page="organisations:sign-in"), name="sign-out"),
    path("roles/", role_views.roles, name="roles"),
    path("language/", views.choose_language, name="language"),
]
