"""The addresses of devices (served on the device port) and of the live look at a screen."""

from django.urls import include, path

from cloud.devices import look_views

_look = [
    path("start/", look_views.start, name="start"),
    path("stream/", look_views.stream, name="stream"),
    path("tap/", look_views.tap, name="tap"),
]
urlpatterns = [
    path("device/v1/", include("cloud.devices.device_urls")),
    path("devices/<slug:device>/look/", include((_look, "look"))),
]
