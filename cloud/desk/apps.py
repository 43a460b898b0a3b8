"""The project's own Django app, which may import every domain."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """Connects domains that depend on each other."""

    name = "cloud.desk"

    def ready(self) -> None:
        """Connect urgent calls with the board, the café with hours and callers, and reminders."""
        from cloud.base import navigation
        from cloud.cafe import opening, people
        from cloud.calendar import booked
        from cloud.calendar import opening as cafe_hours
        from cloud.calendar.agenda import occurrences_of
        from cloud.calls import help_board, links, service
        from cloud.desk import audited
        from cloud.help import by_call
        from cloud.messages import group, planning
        from cloud.organisations.access import allow, allow_everybody
        from cloud.organisations.roles import Verb
        from cloud.queue import callers, calling

        help_board.connect(by_call)
        calling.connect(service)
        callers.connect(links)
        planning.connect(lambda resident: occurrences_of(resident)[0], booked.performers)
        group.connect(booked.booked, booked.cancel)
        audited.watch_all()
        allow_everybody("home", "live")
        allow("anonymise-resident", see=Verb.ANONYMISE)
        allow("reports", "report-table", see=Verb.READ_REPORTS)
        navigation.register(
            navigation.Entry("reports", "reports", "list", _("Reports"), place=82, verb=Verb.READ_REPORTS)
        )
        opening.connect(cafe_hours)
        people.connect(links)
