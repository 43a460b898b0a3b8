"""Recipients, residents' contracts, notification rules and templates, events, and sent notifications."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from cloud.base.languages import LANGUAGES
from cloud.delivery.models import Delivery
from cloud.organisations.models import Organisation
from cloud.organisations.roles import Role
from cloud.organisations.scope import ScopedQuerySet
from cloud.people.models import Contact, Resident

LONGEST_BODY = 4000


class Recipient(models.Model):
    """A recipient without an account: of the organisation, or a resident's contact (N3, N5)."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    contact = models.OneToOneField(
        Contact, models.CASCADE, null=True, blank=True, related_name="recipient", verbose_name=_("contact")
    )
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="fi")
    is_main = models.BooleanField(_("main contact of the residents they know"), default=False)
    is_notified = models.BooleanField(_("notified about the residents they know"), default=False)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)

    objects = ScopedQuerySet["Recipient"].as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def serving(cls, organisation: Organisation) -> "models.QuerySet[Recipient]":
        """Return the recipients of this organisation and its ancestors."""
        return cls.objects.filter(organisation__in=organisation.line)


class RecipientAddress(models.Model):
    """An address of a recipient: e-mail, or a number that accepts SMS (M10)."""

    organisation_path = "recipient__organisation"

    recipient = models.ForeignKey(Recipient, models.CASCADE, related_name="addresses")
    kind = models.CharField(max_length=5, choices=[("email", _("E-mail")), ("phone", _("Text message"))])
    value = models.CharField(max_length=254)
    place = models.PositiveSmallIntegerField(default=0)

    objects = ScopedQuerySet["RecipientAddress"].as_manager()

    class Meta:
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "kind", "value"], name="each_address_once")
        ]


class Contract(models.Model):
    """A contract that residents are served under; the desk knows it to notify its contacts (N4)."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="+", verbose_name=_("organisation")
    )
    number = models.CharField(_("number"), max_length=40)
    payer = models.CharField(_("customer or payer"), max_length=150)
    begins = models.DateField(_("from"))
    ends = models.DateField(_("until"), null=True, blank=True, help_text=_("Empty: until further notice."))

    objects = ScopedQuerySet["Contract"].as_manager()

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="one_contract_each_number")
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.payer}"

    def holds_on(self, day: date) -> bool:
        """Return whether the contract is in force on this day, its last one included."""
        return self.begins <= day and (self.ends is None or day <= self.ends)


class ContractResident(models.Model):
    """A resident who is served under a contract."""

    organisation_path = "contract__organisation"

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="covered")
    resident = models.ForeignKey(
        Resident, models.CASCADE, related_name="contracts", verbose_name=_("resident")
    )

    objects = ScopedQuerySet["ContractResident"].as_manager()

    class Meta:
        ordering = ["resident__last_name", "resident__first_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "resident"], name="one_place_in_a_contract_each")
        ]


class ContractContact(models.Model):
    """A contact person of a contract, with their roles in it (N5)."""

    organisation_path = "contract__organisation"

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="contacts")
    recipient = models.ForeignKey(
        Recipient, models.CASCADE, related_name="contracts", verbose_name=_("person")
    )
    is_main = models.BooleanField(_("main contact"), default=False)
    is_notified = models.BooleanField(_("is notified"), default=False)

    objects = ScopedQuerySet["ContractContact"].as_manager()

    class Meta:
        ordering = ["-is_main", "recipient__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "recipient"], name="one_contact_of_a_contract_each")
        ]


class NoticeTemplate(models.Model):
    """The text for one event type; ``version`` increases with every change (N1, N2)."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    event = models.CharField(_("event"), max_length=40)
    name = models.CharField(_("name"), max_length=150)
    version = models.PositiveIntegerField(default=1)
    subject_fi = models.CharField(_("subject in Finnish"), max_length=150, blank=True)
    body_fi = models.TextField(_("text in Finnish"), max_length=LONGEST_BODY, blank=True)
    subject_sv = models.CharField(_("subject in Swedish"), max_length=150, blank=True)
    body_sv = models.TextField(_("text in Swedish"), max_length=LONGEST_BODY, blank=True)
    subject_da = models.CharField(_("subject in Danish"), max_length=150, blank=True)
    body_da = models.TextField(_("text in Danish"), max_length=LONGEST_BODY, blank=True)
    subject_en = models.CharField(_("subject in English"), max_length=150, blank=True)
    body_en = models.TextField(_("text in English"), max_length=LONGEST_BODY, blank=True)

    objects = ScopedQuerySet["NoticeTemplate"].as_manager()

    class Meta:
        ordering = ["event", "name", "pk"]

    def __str__(self) -> str:
        return self.name

    def words(self, language: str) -> tuple[str, str]:
        """Return subject and body in this language, or in another rather than nothing."""
        for code in (language, "fi", "sv", "da", "en"):
            if body := getattr(self, f"body_{code}"):
                return getattr(self, f"subject_{code}") or self.name, body
        return self.name, self.name


class TemplateFile(models.Model):
    """A file of a template, sent as a signed link (N7)."""

    organisation_path = "template__organisation"

    template = models.ForeignKey(NoticeTemplate, models.CASCADE, related_name="files")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    data = models.BinaryField()

    objects = ScopedQuerySet["TemplateFile"].as_manager()


class NoticeRule(models.Model):
    """Who gets a template's message (N3, N4); a template without any is not used (N6)."""

    organisation_path = "template__organisation"

    class To(models.TextChoices):
        MAIN = "main", _("main contacts of the resident")
        NOTIFIED = "notified", _("contacts of the resident who are notified")
        ROLE = "role", _("users of the organisation with a role")
        PERSON = "person", _("a person of the organisation")
        PERFORMER = "performer", _("who performs the appointment, by name")
        CONTRACT_MAIN = "contract-main", _("main contacts of the resident's contract")
        CONTRACT = "contract", _("contacts of the resident's contract who are notified")

    template = models.ForeignKey(NoticeTemplate, models.CASCADE, related_name="rules")
    to = models.CharField(_("to"), max_length=13, choices=To)
    role = models.CharField(_("role"), max_length=20, choices=Role, blank=True)
    person = models.ForeignKey(
        Recipient, models.CASCADE, null=True, blank=True, related_name="rules", verbose_name=_("person")
    )

    objects = ScopedQuerySet["NoticeRule"].as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        detail = self.get_role_display() if self.role else str(self.person or "")
        return f"{self.get_to_display()}: {detail}" if detail else str(self.get_to_display())


class Notice(models.Model):
    """An event, unique by its key; recipients and text are determined when it is sent."""

    key = models.CharField(max_length=120, unique=True)
    event = models.CharField(max_length=40)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    resident = models.ForeignKey(Resident, models.SET_NULL, null=True, related_name="+")
    values = models.JSONField(default=dict)
    at = models.DateTimeField()
    found_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["Notice"].as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["sent_at", "found_at"]), models.Index(fields=["organisation", "-at"])]


class NoticeSent(models.Model):
    """A notice sent to somebody with a template's version; a digest contains several (N2, N8)."""

    organisation_path = "notice__organisation"

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="sent")
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="notices")
    template = models.ForeignKey(NoticeTemplate, models.SET_NULL, null=True, related_name="+")
    template_name = models.CharField(max_length=150)
    version = models.PositiveIntegerField()
    in_digest = models.BooleanField(default=False)

    objects = ScopedQuerySet["NoticeSent"].as_manager()

    class Meta:
        ordering = ["-pk"]
