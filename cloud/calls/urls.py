"""URLs of the desk's call pages."""

from django.urls import path

from cloud.calls import link_views, own_views, views

app_name = "calls"
urlpatterns = [
    path("", views.log, name="log"),
    path("csv/", views.log_csv, name="log-csv"),
    path("report/", views.report, name="report"),
    path("report/csv/", views.report_csv, name="report-csv"),
    path("forced/", views.forced, name="forced"),
    path("duty/", views.officers, name="officers"),
    path("duty/<int:organisation>/", views.officer, name="officer"),
    path("own/", own_views.show, name="own"),
    path("own/<int:pk>/", own_views.call, name="call"),
    path("links/<int:relation>/", link_views.show, name="links"),
    path("links/<int:relation>/<int:link>/revoke/", link_views.revoke, name="revoke"),
    path("links/<int:relation>/anonymise/", link_views.anonymise, name="anonymise"),
]
