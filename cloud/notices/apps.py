"""The Django app of notifications."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """Finds events, and notifies recipients."""

    name = "cloud.notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register pages, permissions and background work with the apps below."""
        from cloud.base import due_work, navigation, page_parts
        from cloud.notices import contracts
        from cloud.notices.urls import urlpatterns
        from cloud.notices.watch import NoticeWatch
        from cloud.organisations.access import allow
        from cloud.organisations.roles import Verb
        from cloud.people.signals import resident_moved

        due_work.register("notices", lambda: NoticeWatch().run)
        label, verb = _("Notifications"), Verb.SET_CHANNELS
        navigation.register(navigation.Entry("notices", "notices:report", "chat", label, place=74, verb=verb))
        names = {f"notices:{each.name}" for each in urlpatterns if each.name != "file"}
        of_contracts = {name for name in names if "contract" in name}
        allow(*(names - of_contracts), see=verb)
        allow(*of_contracts, see=Verb.EDIT_CONTRACTS)
        page_parts.add("people:resident", contracts.beside_resident)
        resident_moved.connect(contracts.follow_move)
