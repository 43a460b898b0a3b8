"""URLs of the help board."""

from django.urls import path

from cloud.help import archive_views, partner_views, views

app_name = "help"
urlpatterns = [
    path("", views.show, name="board"),
    path("requests/", views.part, name="requests"),
    path("warnings/", views.warnings, name="warnings"),
    path("count/", views.count, name="count"),
    path("archive/", archive_views.archive, name="archive"),
    path("archive/csv/", archive_views.archive_csv, name="archive-csv"),
    path("partner/", partner_views.partners, name="partners"),
    path("partner/<int:organisation>/", partner_views.partner, name="partner"),
    path("partner/<int:organisation>/remove/", partner_views.remove, name="remove-partner"),
    path("<int:pk>/take/", views.take, name="take"),
    path("<int:pk>/arrive/", views.arrive, name="arrive"),
    path("<int:pk>/take-over/", views.take_over, name="take-over"),
    path("<int:pk>/give-back/", views.give_back, name="give-back"),
    path("<int:pk>/close/", views.close, name="close"),
    path("<int:pk>/door/", views.door, name="door"),
    path("<int:pk>/reopen/", views.reopen, name="reopen"),
]
