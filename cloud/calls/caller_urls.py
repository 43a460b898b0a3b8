"""URLs of the caller's page: its cookie is valid for these only."""

from django.urls import path

from cloud.calls import caller_views as views

app_name = "caller"
urlpatterns = [
    path("", views.page, name="page"),
    path("enter/", views.enter, name="enter"),
    path("leave/", views.leave, name="leave"),
    path("live/", views.live, name="live"),
    path("servers/", views.servers, name="servers"),
    path("place/", views.place, name="place"),
    path("answer/", views.answer, name="answer"),
    path("refuse/", views.refuse, name="refuse"),
    path("end/", views.hang_up, name="end"),
    path("beat/", views.beat, name="beat"),
    path("seen/", views.seen, name="seen"),
    path("presence/", views.choose, name="presence"),
]
