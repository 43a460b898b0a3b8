"""Customer service for relatives, below the addresses of their call page: their key is good for these."""

from django.urls import path

from cloud.queue import caller_views as views

app_name = "caller-queue"
urlpatterns = [
    path("", views.page, name="page"),
    path("state/", views.state, name="state"),
    path("do/", views.do, name="do"),
]
