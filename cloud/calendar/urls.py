"""URLs of the calendar and the café."""

from django.urls import path

from cloud.calendar import cafe_views, feed_views, views

app_name = "calendar"
urlpatterns = [
    path("residents/<int:pk>/calendar/", views.appointments, name="appointments"),
    path("residents/<int:pk>/calendar/new/", views.new_appointment, name="new-appointment"),
    path("residents/<int:pk>/calendar/import/", views.import_file, name="import"),
    path("residents/<int:pk>/calendar/<int:appointment>/", views.appointment, name="appointment"),
    path("residents/<int:pk>/calendar/<int:appointment>/remove/", views.remove, name="remove"),
    path("residents/<int:pk>/calendar/feed/", feed_views.make, name="make-feed"),
    path("residents/<int:pk>/calendar/feed/revoke/", feed_views.revoke, name="revoke-feed"),
    path("calendar/<str:secret>/kotiruutu.ics", feed_views.show, name="feed"),
    path("cafe/", cafe_views.cafes, name="cafes"),
    path("cafe/<int:organisation>/", cafe_views.cafe, name="cafe"),
    path("cafe/<int:organisation>/closed/", cafe_views.close_on, name="close-on"),
    path("cafe/<int:organisation>/closed/<str:day>/open/", cafe_views.open_on, name="open-on"),
]
