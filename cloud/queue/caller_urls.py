"""URLs of customer service for relatives, below their call page, where their cookie is valid."""

from django.urls import path

from cloud.queue import caller_views as views

app_name = "caller-queue"
urlpatterns = [
    path("", views.page, name="page"),
    path("live/", views.live, name="live"),
    path("here/", views.here, name="here"),
    path("do/", views.do, name="do"),
]
