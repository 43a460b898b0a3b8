"""URLs of tables for relatives, below those of their call page, where their cookie is valid."""

from django.urls import path

from cloud.cafe import table_views as views

app_name = "caller-table"
urlpatterns = [
    path("", views.caller_page, name="page"),
    path("sit/", views.caller_sit_down, name="sit"),
    path("do/", views.caller_do, name="do"),
    path("live/", views.caller_live, name="live"),
]
