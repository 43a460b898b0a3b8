"""URLs of messages to people, and of channels."""

from django.urls import path

from cloud.delivery import report_views, views

app_name = "delivery"
urlpatterns = [
    path("failed/", views.failed, name="failed"),
    path("failed/<uuid:delivery>/settle/", views.settle, name="settle"),
    path("channels/", views.channel_list, name="channels"),
    path("channels/<slug:channel>/<int:organisation>/", views.channel, name="channel"),
    path("costs/", views.costs, name="costs"),
    path("costs.csv", views.costs_csv, name="costs-csv"),
    path("reports/<slug:channel>/<int:organisation>/", report_views.report, name="report"),
]
