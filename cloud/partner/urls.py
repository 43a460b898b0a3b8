"""URLs of the monitoring partner."""

from django.urls import path

from cloud.partner import (
    comparison_views,
    import_views,
    operator_views,
    readiness_views,
    registration_views,
    rota_views,
    views,
)

app_name = "partner"
urlpatterns = [
    path("contacts/", import_views.contacts, name="contacts"),
    path("contacts/csv/", import_views.contacts_csv, name="contacts-csv"),
    path("contacts/xlsx/", import_views.contacts_xlsx, name="contacts-xlsx"),
    path("contacts/<int:pk>/apply/", import_views.apply, name="apply-contacts"),
    path("alarms/", operator_views.alarms, name="alarms"),
    path("alarms/part/", operator_views.part, name="alarms-part"),
    path("alarms/<int:pk>/", operator_views.alarm, name="alarm"),
    path("alarms/<int:pk>/photo/", operator_views.photo, name="photo"),
    path("alarms/<int:pk>/take/", operator_views.take, name="take"),
    path("alarms/<int:pk>/give-back/", operator_views.give_back, name="give-back"),
    path("alarms/<int:pk>/call/", operator_views.call, name="call"),
    path("alarms/<int:pk>/safe-words/", operator_views.reveal, name="reveal"),
    path("alarms/<int:pk>/well/", operator_views.well, name="well"),
    path("alarms/<int:pk>/duress/", operator_views.duress, name="duress"),
    path("alarms/<int:pk>/note/", operator_views.note, name="note"),
    path("alarms/<int:pk>/settle/", operator_views.settle, name="settle"),
    path("answers/", operator_views.answer_times, name="answers"),
    path("answers/csv/", operator_views.answer_times_csv, name="answers-csv"),
    path("comparisons/<int:organisation>/", comparison_views.show, name="comparisons"),
    path("comparisons/<int:organisation>/plan/", comparison_views.plan, name="plan-comparison"),
    path(
        "comparisons/<int:organisation>/<str:day>/settle/", comparison_views.settle, name="settle-comparison"
    ),
    path("centre/<int:organisation>/", views.centre, name="centre"),
    path("centre/<int:organisation>/remove/", views.remove, name="remove-centre"),
    path("readiness/", readiness_views.show, name="readiness"),
    path("readiness/<int:pk>/test/", readiness_views.begin, name="begin-test"),
    path("readiness/<int:pk>/plan/", readiness_views.plan, name="plan-test"),
    path("residents/<int:pk>/home-assistant/", readiness_views.home_assistant, name="home-assistant"),
    path("registrations/<int:organisation>/", registration_views.show, name="registrations"),
    path("residents/<int:pk>/", registration_views.resident, name="resident"),
    path("residents/<int:pk>/safe-words/", registration_views.keep_safe_words, name="safe-words"),
    path("rota/<int:organisation>/", rota_views.show, name="rota"),
    path("rota/<int:organisation>/calendar/", rota_views.import_calendar, name="import-rota"),
    path("rota/<int:organisation>/calendar/remove/", rota_views.remove_calendar, name="remove-rota-calendar"),
    path("rota/<int:organisation>/people/new/", rota_views.new_person, name="new-person"),
    path(
        "rota/<int:organisation>/people/<int:person>/remove/", rota_views.remove_person, name="remove-person"
    ),
    path("rota/<int:organisation>/shifts/new/", rota_views.new_shift, name="new-shift"),
    path("rota/<int:organisation>/shifts/<int:shift>/remove/", rota_views.remove_shift, name="remove-shift"),
]
