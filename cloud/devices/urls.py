"""The addresses of devices (served on the device port) and of the live look at a screen."""

from django.urls import include, path

from cloud.devices import look

urlpatterns = [
    path("device/v1/", include("cloud.devices.device_urls")),
    path("devices/<str:device>/look/", include((look.urlpatterns, "look"))),
]
