"""URLs of the relatives' page."""

from django.urls import path

from cloud.album import sender_views

app_name = "album-sender"
urlpatterns = [
    path("", sender_views.page, name="page"),
    path("<int:picture>/", sender_views.picture, name="picture"),
]
