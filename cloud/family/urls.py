"""The addresses of the desk's pages about relatives."""

from django.urls import path

from cloud.family import application_views as views

app_name = "family"
urlpatterns = [
    path("applications/", views.applications, name="applications"),
    path("applications/<int:application>/", views.application, name="application"),
    path("applications/<int:application>/approve/", views.approve, name="approve"),
    path("applications/<int:application>/refuse/", views.refuse, name="refuse"),
    path("registration/", views.registration, name="registration"),
    path("registration/<int:organisation>/", views.registration_of, name="registration-of"),
    path("registration/<int:organisation>/renew/", views.renew, name="renew"),
]
