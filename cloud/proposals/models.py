"""Changes that need a second person (four eyes), and what became of them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cloud.base.seal import SealedJSONField
from cloud.organisations.models import Organisation
from cloud.organisations.scope import ScopedQuerySet


class Proposal(models.Model):
    """A requested change, applied when another user confirms it."""

    class State(models.TextChoices):
        OPEN = "open", _("waits")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")
        EXPIRED = "expired", _("expired")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    # The subject; a newer proposal about the same one replaces it.
    subject = models.CharField(max_length=80)
    # It may contain a secret.
    payload = SealedJSONField()
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["Proposal"].as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=models.Q(state="open"), name="one_open_proposal_each"
            )
        ]
