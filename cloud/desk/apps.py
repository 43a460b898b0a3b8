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
        from cloud.calendar.agenda import occurrences_of_each
        from cloud.calls import help_board, links, service
        from cloud.desk import audited, erasing, former_users
        from cloud.help import by_call
        from cloud.messages import facts, group
        from cloud.organisations.access import allow, allow_everybody
        from cloud.organisations.roles import Verb
        from cloud.people.signals import contact_anonymised
        from cloud.proposals import kinds
        from cloud.queue import callers, calling

        help_board.connect(by_call)
        calling.connect(service)
        callers.connect(links)
        facts.connect(occurrences_of_each, booked.performers)
        group.connect(booked.booked, booked.cancel)
        audited.watch_all()
        contact_anonymised.connect(erasing.follow_contact)
        user_kind = kinds.Kind(_("Anonymise a user"), former_users.make, former_users.describe)
        kinds.register(former_users.KIND, user_kind)
        allow_everybody("home", "live", "search")
        allow("anonymise-resident", "anonymise-escalation-contact", see=Verb.ANONYMISE)
        allow("anonymise-rota-person", "anonymise-recipient", see=Verb.ANONYMISE)
        allow("anonymise-user", see=Verb.MANAGE_USERS)
        allow("reports", "report-table", see=Verb.READ_REPORTS)
        navigation.register(
            navigation.Entry("reports", "reports", "list", _("Reports"), place=82, verb=Verb.READ_REPORTS)
        )
        opening.connect(cafe_hours)
        people.connect(links)
