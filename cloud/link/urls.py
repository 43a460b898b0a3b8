"""URLs for devices' HTTPS events, served on the device port only."""

from django.urls import path

from cloud.link import event_views

urlpatterns = [path("device/v1/events", event_views.events)]
