"""URLs of releases: the page, and the device port."""

from django.urls import include, path

from cloud.releases import device_views, views

_pages = [
    path("", views.show, name="show"),
    path("change/", views.change, name="change"),
]
urlpatterns = [
    path("releases/", include((_pages, "releases"))),
    path("device/v1/release", device_views.release),
    path("device/v1/release/chunks", device_views.chunks),
]
