"""URLs of messages: to one resident, to groups and homes, texts, reminders."""

from django.urls import path

from cloud.messages import group_views, home_views, text_views, views

app_name = "messages"
urlpatterns = [
    path("residents/<int:pk>/messages/", views.resident_messages, name="resident"),
    path("residents/<int:pk>/messages/send/", views.send, name="send"),
    path("residents/<int:pk>/messages/phone/", views.own_phone, name="own-phone"),
    path("residents/<int:pk>/messages/opt-out/", views.opt_out, name="opt-out"),
    path("residents/<int:pk>/messages/<int:message>/withdraw/", views.withdraw, name="withdraw"),
    path("messages/", views.unconfirmed, name="unconfirmed"),
    path("messages/group/", group_views.page, name="group"),
    path("messages/home/", home_views.page, name="home"),
    path("messages/<int:message>/settle/", views.settle, name="settle"),
    path("messages/texts/", text_views.texts, name="texts"),
    path("messages/texts/new/<int:organisation>/", text_views.new_text, name="new-text"),
    path("messages/texts/<int:text>/", text_views.text, name="text"),
    path("messages/texts/<int:text>/to-me/", text_views.send_sample, name="sample"),
    path("messages/reminders/new/<int:organisation>/", text_views.new_reminder, name="new-reminder"),
    path("messages/reminders/<int:reminder>/", text_views.reminder, name="reminder"),
]
