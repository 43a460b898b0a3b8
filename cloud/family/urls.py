"""URLs of the desk's pages about relatives."""

from django.urls import path

from cloud.family import application_views as views
from cloud.family import directory_views as directory

app_name = "family"
urlpatterns = [
    path("contacts/", directory.contacts, name="contacts"),
    path("contacts/<int:contact>/", directory.contact, name="contact"),
    path("contacts/<int:contact>/put-on/", directory.put_on, name="put-on"),
    path("contacts/<int:contact>/take-off/", directory.take_off, name="take-off"),
    path("contacts/<int:contact>/lock/", directory.lock, name="lock"),
    path("contacts/<int:contact>/anonymise/", directory.anonymise, name="anonymise"),
    path("contacts/<int:contact>/send-link/", directory.send_link, name="send-link"),
    path("contacts/<int:contact>/show-link/", directory.show_link, name="show-link"),
    path("around/<int:resident>/", directory.around, name="around"),
    path("around/<int:resident>/put-on/", directory.put_around, name="put-around"),
    path("around/<int:resident>/take-off/", directory.take_around, name="take-around"),
    path("applications/", views.applications, name="applications"),
    path("applications/<int:application>/", views.application, name="application"),
    path("applications/<int:application>/approve/", views.approve, name="approve"),
    path("applications/<int:application>/refuse/", views.refuse, name="refuse"),
    path("count/", views.count, name="count"),
    path("registration/", views.registration, name="registration"),
    path("registration/<int:organisation>/", views.registration_of, name="registration-of"),
    path("registration/<int:organisation>/renew/", views.renew, name="renew"),
]
