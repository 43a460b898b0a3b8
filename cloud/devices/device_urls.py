"""URLs for devices, served on the device port only."""

from django.urls import path

from cloud.devices import device_views

urlpatterns = [
    path("authority", device_views.authority),
    path("claim", device_views.claim),
    path("enrol", device_views.enrol),
    path("commands", device_views.commands),
    path("renew", device_views.renew),
    path("wiped", device_views.wiped),
    path("missing", device_views.missing),
    path("photos/<str:sha256>", device_views.photo),
]
