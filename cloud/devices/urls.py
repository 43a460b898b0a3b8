"""URLs of devices (on the device port), of the remote view, of self-tests and of health."""

from django.urls import include, path

from cloud.devices import (
    health_views,
    remote_view_views,
    retention_views,
    retirement_views,
    self_test_views,
)

_remote_view = [
    path("start/", remote_view_views.start, name="start"),
    path("stream/", remote_view_views.stream, name="stream"),
    path("tap/", remote_view_views.tap, name="tap"),
]
_health = [
    path("", health_views.show, name="show"),
    path("rows/", health_views.rows, name="rows"),
    path("<slug:device>/row/", health_views.row, name="row"),
    path("count/", health_views.count, name="count"),
]
urlpatterns = [
    path("health/", include((_health, "health"))),
    path("device/v1/", include("cloud.devices.device_urls")),
    path("devices/<slug:device>/remote-view/", include((_remote_view, "remote-view"))),
    path("retention/<int:organisation>/", retention_views.edit, name="retention"),
    path("devices/<slug:device>/retire/", retirement_views.start, name="retire"),
    path("devices/<slug:device>/self-test/", self_test_views.start, name="self-test"),
]
