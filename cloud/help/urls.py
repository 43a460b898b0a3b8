"""The help board's addresses."""

from django.urls import path

from cloud.help import views

app_name = "help"
urlpatterns = [
    path("", views.show, name="board"),
    path("requests/", views.part, name="requests"),
    path("count/", views.count, name="count"),
    path("<str:pk>/take/", views.take, name="take"),
    path("<str:pk>/arrive/", views.arrive, name="arrive"),
    path("<str:pk>/close/", views.close, name="close"),
]
