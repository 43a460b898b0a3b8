"""The addresses of devices, as the desk shows them."""

from django.urls import path

from cloud.screens import views

app_name = "screens"
urlpatterns = [
    path("", views.devices, name="devices"),
    path("rows/", views.device_rows, name="device-rows"),
    path("<slug:pk>/", views.device, name="device"),
    path("<slug:pk>/state/", views.state, name="state"),
    path("<slug:pk>/preview/", views.show_preview, name="preview"),
    path("<slug:pk>/view/", views.save_view, name="save-view"),
    path("<slug:pk>/device/", views.save_device, name="save-device"),
]
