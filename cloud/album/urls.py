"""URLs of the desk's album page."""

from django.urls import path

from cloud.album import views

app_name = "album"
urlpatterns = [
    path("<int:pk>/pictures/", views.pictures, name="pictures"),
    path("<int:pk>/pictures/<int:picture>/picture/", views.picture, name="picture"),
    path("<int:pk>/pictures/<int:picture>/remove/", views.remove, name="remove"),
    path("<int:pk>/pictures/pause/<int:contact>/", views.pause, name="pause"),
]
