"""URLs of the desk's device pages."""

from django.urls import path

from cloud.screens import adding_views, fleet_views, views

app_name = "screens"
urlpatterns = [
    path("", fleet_views.devices, name="devices"),
    path("rows/", fleet_views.device_rows, name="device-rows"),
    path("add/", adding_views.add, name="add"),
    path("bulk/preview/", fleet_views.preview, name="bulk-preview"),
    path("bulk/", fleet_views.carry_out, name="bulk"),
    path("<slug:pk>/sheet/", adding_views.sheet, name="sheet"),
    path("<slug:pk>/", views.device, name="device"),
    path("<slug:pk>/state/", views.state, name="state"),
    path("<slug:pk>/preview/", views.show_preview, name="preview"),
    path("<slug:pk>/view/", views.save_view, name="save-view"),
    path("<slug:pk>/device/", views.save_device, name="save-device"),
]
