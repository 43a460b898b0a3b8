"""URLs of tables and meetings."""

from django.urls import path

from cloud.cafe import meeting_views, record_views, table_views

app_name = "cafe"
urlpatterns = [
    path("events/", meeting_views.meetings, name="meetings"),
    path("events/new/", meeting_views.new_meeting, name="new-meeting"),
    path("events/<int:pk>/", meeting_views.meeting, name="meeting"),
    path("events/<int:pk>/end/", meeting_views.end_meeting, name="end-meeting"),
    path("events/<int:pk>/picture/", meeting_views.event_picture, name="event-picture"),
    path("events/rules/<int:organisation>/", meeting_views.rules, name="rules"),
    path("events/record/", record_views.record, name="record"),
    path("events/record/csv/", record_views.record_csv, name="record-csv"),
    path("table/sit/", table_views.desk_sit_down, name="sit"),
    path("table/do/", table_views.desk_do, name="do"),
    path("table/live/", table_views.desk_live, name="live"),
    path("table/<str:room>/", table_views.desk_page, name="table"),
]
