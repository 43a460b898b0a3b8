"""URLs of the desk: the subjects' own, and the pages that need several of them."""

from django.urls import include, path

from cloud.desk import anonymise_view
from cloud.desk.home import home
from cloud.desk.live import live
from cloud.desk.metrics import metrics
from cloud.desk.report_views import show, table
from cloud.desk.search_view import search

urlpatterns = [
    path("", home, name="home"),
    path("live/", live, name="live"),
    path("search/", search, name="search"),
    path("metrics", metrics, name="metrics"),
    path("reports/", show, name="reports"),
    path("reports/export.csv", table, name="report-table"),
    path("users/<int:pk>/anonymise/", anonymise_view.anonymise_user, name="anonymise-user"),
    path("", include("cloud.organisations.urls")),
    path("proposals/", include("cloud.proposals.urls")),
    path("changes/", include("cloud.audit.urls")),
    path("help/", include("cloud.help.urls")),
    path("partner/", include("cloud.partner.urls")),
    path("calls/", include("cloud.calls.urls")),
    path("call/table/", include("cloud.cafe.caller_urls")),
    path("call/phone/", include("cloud.push.caller_urls")),
    path("call/service/", include("cloud.queue.caller_urls")),
    path("call/pictures/", include("cloud.album.sender_urls")),
    path("call/", include("cloud.calls.caller_urls")),
    path("call/join/", include("cloud.family.public_urls")),
    path("relatives/", include("cloud.family.urls")),
    path("calls/phones/", include("cloud.push.urls")),
    path("queue/", include("cloud.queue.urls")),
    path("", include("cloud.cafe.urls")),
    path("", include("cloud.messages.urls")),
    path("notices/", include("cloud.notices.urls")),
    path("deliveries/", include("cloud.delivery.urls")),
    path("residents/<int:pk>/anonymise/", anonymise_view.anonymise_resident, name="anonymise-resident"),
    path(
        "residents/<int:pk>/care/<int:escalation>/anonymise/",
        anonymise_view.anonymise_escalation_contact,
        name="anonymise-escalation-contact",
    ),
    path(
        "partner/rota/<int:organisation>/people/<int:person>/anonymise/",
        anonymise_view.anonymise_rota_person,
        name="anonymise-rota-person",
    ),
    path(
        "notices/recipients/<int:recipient>/anonymise/",
        anonymise_view.anonymise_recipient,
        name="anonymise-recipient",
    ),
    path("residents/", include("cloud.album.urls")),
    path("residents/", include("cloud.people.urls")),
    path("", include("cloud.calendar.urls")),
    path("devices/", include("cloud.screens.urls")),
    path("", include("cloud.releases.urls")),
    path("", include("cloud.devices.urls")),
    path("", include("cloud.link.urls")),
]
