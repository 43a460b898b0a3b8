"""URLs of residents and contacts."""

from django.urls import path

from cloud.people import (
    care_views,
    closed_day_views,
    contact_views,
    forced_call_views,
    home_views,
    photo_views,
    table_views,
    views,
)

UP, DOWN = {"step": "up"}, {"step": "down"}

app_name = "people"
urlpatterns = [
    path("", views.residents, name="residents"),
    path("new/", views.new_resident, name="new-resident"),
    path("table/", table_views.table, name="table"),
    path("table/apply/", table_views.apply, name="apply-table"),
    path("table/residents.csv", table_views.table_csv, name="table-csv"),
    path("table/residents.xlsx", table_views.table_xlsx, name="table-xlsx"),
    path("forced-calls/", forced_call_views.forced_calls, name="forced-calls"),
    path("photos/<int:pk>/", photo_views.photo, name="photo"),
    path("closed-days/<int:organisation>/", closed_day_views.closed_days, name="closed-days"),
    path("closed-days/<int:organisation>/<int:closed_day>/remove/", closed_day_views.open_on, name="open-on"),
    path("<int:pk>/", views.resident, name="resident"),
    path("<int:pk>/home/", home_views.save_home, name="save-home"),
    path("<int:pk>/door/", home_views.door, name="door"),
    path("<int:pk>/archive/", home_views.archive, name="archive"),
    path("<int:pk>/bring-back/", home_views.bring_back, name="bring-back"),
    path("<int:pk>/people/", contact_views.contacts, name="contacts"),
    path("<int:pk>/people/new/", contact_views.new_contact, name="new-contact"),
    path("<int:pk>/people/known/", contact_views.add_known, name="add-known"),
    path("<int:pk>/people/<int:relation>/", contact_views.contact, name="contact"),
    path("<int:pk>/people/<int:relation>/lock/", contact_views.lock, name="lock"),
    path("<int:pk>/people/<int:relation>/unlink/", contact_views.unlink, name="unlink"),
    path("<int:pk>/people/<int:relation>/up/", contact_views.move, UP, name="contact-up"),
    path("<int:pk>/people/<int:relation>/down/", contact_views.move, DOWN, name="contact-down"),
    path("<int:pk>/care/", care_views.care, name="care"),
    path("<int:pk>/care/escalation/new/", care_views.new_escalation_contact, name="new-escalation-contact"),
    path(
        "<int:pk>/care/escalation/<int:escalation>/", care_views.escalation_contact, name="escalation-contact"
    ),
    path(
        "<int:pk>/care/escalation/<int:escalation>/remove/",
        care_views.remove_escalation_contact,
        name="remove-escalation-contact",
    ),
    path(
        "<int:pk>/care/escalation/<int:escalation>/up/",
        care_views.move_escalation_contact,
        UP,
        name="escalation-contact-up",
    ),
    path(
        "<int:pk>/care/escalation/<int:escalation>/down/",
        care_views.move_escalation_contact,
        DOWN,
        name="escalation-contact-down",
    ),
]
