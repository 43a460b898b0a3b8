"""Registration links, applications, and requests for lost links."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cloud.organisations.models import Organisation
from cloud.organisations.scope import ScopedQuerySet
from cloud.people.models import NAME_LENGTH, Contact


class RegistrationLink(models.Model):
    """The link to an organisation's application form.

    It is printed and passed on, and gives no other access.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="registration_links")
    token = models.CharField(max_length=40, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["RegistrationLink"].as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]

    @property
    def is_open(self) -> bool:
        """Return whether relatives may apply with it now."""
        return self.revoked_at is None and self.expires_at > timezone.now()


class Application(models.Model):
    """An application of a relative; deleted a month after the decision."""

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("code not entered yet")
        WAITING = "waiting", _("waits for a decision")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="applications")
    link = models.ForeignKey(RegistrationLink, models.SET_NULL, null=True)
    state = models.CharField(max_length=11, choices=State, default=State.WAITING)
    first_name = models.CharField(_("first name"), max_length=NAME_LENGTH)
    last_name = models.CharField(_("last name"), max_length=NAME_LENGTH)
    email = models.EmailField(_("e-mail address"))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    resident_name = models.CharField(_("who do you want to call?"), max_length=NAME_LENGTH)
    relation = models.CharField(_("what are you to them?"), max_length=NAME_LENGTH)
    language = models.CharField(max_length=5)
    consented_at = models.DateTimeField()
    sent_from = models.CharField(max_length=64, help_text="a keyed digest of the address")
    made_at = models.DateTimeField()
    code_sha256 = models.CharField(max_length=64, blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="applications")

    objects = ScopedQuerySet["Application"].as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        indexes = [
            models.Index(fields=["organisation", "state", "made_at"]),
            models.Index(fields=["sent_from", "made_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class RelativesSettings(models.Model):
    """Who is notified of applications (V19), and whether a code is required (V20)."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="relatives_settings")
    notice_email = models.EmailField(_("applications are reported to (e-mail)"), blank=True)
    asks_code = models.BooleanField(_("applicants enter a code that is sent to them"), default=False)

    objects = ScopedQuerySet["RelativesSettings"].as_manager()


class LinkRequest(models.Model):
    """A request for a lost link; answered in the background, so that timing reveals nothing."""

    email = models.EmailField()
    language = models.CharField(max_length=5)
    sent_from = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    is_done = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["is_done", "made_at"])]
