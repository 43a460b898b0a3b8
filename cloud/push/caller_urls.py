"""URLs that make the relative's page an installable app, below its own."""

from django.urls import path

from cloud.push import caller_views as views

app_name = "push"
urlpatterns = [
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("worker.js", views.worker, name="worker"),
    path("key/", views.key, name="key"),
    path("subscribe/", views.subscribe, name="subscribe"),
    path("unsubscribe/", views.unsubscribe, name="unsubscribe"),
    path("heard/", views.heard, name="heard"),
    path("not-now/", views.refuse, name="not-now"),
]
