"""Alarm centres, registrations, rotas and safe words."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cloud.devices.models import Device, DeviceFault
from cloud.help.models import HelpRequest, Partner
from cloud.organisations.models import Organisation
from cloud.organisations.scope import ScopedQuerySet
from cloud.people.models import Contact, Resident

ZONES = [(zone, zone) for zone in ("Europe/Helsinki", "Europe/Stockholm", "Europe/Copenhagen", "Europe/Oslo")]
digits = RegexValidator(r"^[0-9]{1,16}\Z", _("From 1 to 16 digits."))
sip_address = RegexValidator(
    r"^sip:([A-Za-z0-9_.+-]{1,64}@)?[A-Za-z0-9.-]{1,150}(:[0-9]{1,5})?(;transport=(udp|tcp|tls))?\Z",
    _("As in sip:alarm@centre.example:5061;transport=tls"),
)

sip_host = RegexValidator(
    r"^[A-Za-z0-9.-]{1,100}(:[0-9]{1,5})?(;transport=(udp|tcp|tls))?\Z",
    _("As in alarms.desk.example:5061;transport=tls"),
)


def number_of(resident: Resident) -> str:
    """Return a unique number for a resident who has none at the partner yet."""
    return f"{resident.organisation_id:06d}{resident.pk:08d}"


class AlarmCentre(models.Model):
    """A partner's alarm centre, reached by SCAIP (SS 91100)."""

    organisation_path = "partner__organisation"

    class Answer(models.TextChoices):
        OWN_MESSAGE = "own-message", _("In a message of its own")
        IN_RESPONSE = "in-response", _("In its response to the alarm")

    class ContentType(models.TextChoices):
        SCAIP = "application/scaip+xml"
        XML = "application/xml"

    partner = models.OneToOneField(Partner, models.CASCADE, related_name="centre")
    server = models.CharField(_("first server"), max_length=250, validators=[sip_address])
    second_server = models.CharField(_("second server"), max_length=250, blank=True, validators=[sip_address])
    answer = models.CharField(
        _("the centre answers"), max_length=11, choices=Answer, default=Answer.OWN_MESSAGE
    )
    content_type = models.CharField(
        _("content type"), max_length=40, choices=ContentType, default=ContentType.SCAIP
    )
    controller = models.CharField(_("the desk's own number there"), max_length=16, validators=[digits])
    voice = models.CharField(_("the centre calls back at"), max_length=150, blank=True, validators=[sip_host])
    contact = models.OneToOneField(Contact, models.SET_NULL, null=True, related_name="+")
    heartbeat_min = models.PositiveSmallIntegerField(
        _("sign of life every so many minutes"),
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(1440)],
    )

    objects = ScopedQuerySet["AlarmCentre"].as_manager()

    @property
    def servers(self) -> tuple[str, ...]:
        """Return the servers in the order of attempts."""
        return tuple(each for each in (self.server, self.second_server) if each)


class Registration(models.Model):
    """The partner's number of a resident, and whether the partner has confirmed it (S4)."""

    organisation_path = "resident__organisation"

    resident = models.OneToOneField(Resident, models.CASCADE, related_name="registration")
    number = models.CharField(_("number at the partner"), max_length=16, validators=[digits])
    confirmed_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["Registration"].as_manager()

    @classmethod
    def of(cls, resident: Resident) -> "Registration":
        """Return the resident's registration; a new one gets a unique number."""
        own: Registration | None = getattr(resident, "registration", None)
        if own is not None:
            return own
        return cls.objects.get_or_create(resident=resident, defaults={"number": number_of(resident)})[0]


class Readiness(models.Model):
    """Whether a resident's alarm is reliable, and the window of an expected test (K10)."""

    organisation_path = "resident__organisation"

    class State(models.TextChoices):
        READY = "ready", _("The alarm may be relied on")
        NOT_READY = "not-ready", _("The alarm is not in use yet")
        TEST = "test", _("A test is expected")

    resident = models.OneToOneField(Resident, models.CASCADE, related_name="readiness")
    state = models.CharField(max_length=9, choices=State, default=State.NOT_READY)
    missing = models.JSONField(default=list)
    tested_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True, help_text="null: not looked at yet")
    invites = models.BooleanField(_("the screen asks for the monthly test by itself"), default=False)
    test_began_at = models.DateTimeField(null=True)
    test_until = models.DateTimeField(null=True)
    test_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = ScopedQuerySet["Readiness"].as_manager()


class HomeAssistantDevice(models.Model):
    """Whether this device is published to Home Assistant; opt-in (K12)."""

    organisation_path = "device__organisation"

    device = models.OneToOneField(Device, models.CASCADE, related_name="home_assistant")
    is_shown = models.BooleanField(_("shown in Home Assistant"), default=False)

    objects = ScopedQuerySet["HomeAssistantDevice"].as_manager()


class AlarmMessage(models.Model):
    """A message to an alarm centre, sent by ``python -m cloud alarms``."""

    organisation_path = "centre__partner__organisation"

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        RECEIVED = "received"
        FAILED = "failed"

    centre = models.ForeignKey(AlarmCentre, models.CASCADE, related_name="messages")
    request = models.ForeignKey(HelpRequest, models.CASCADE, null=True, related_name="+")
    fault = models.ForeignKey(DeviceFault, models.CASCADE, null=True, related_name="+")
    ref = models.CharField(max_length=16, unique=True)
    status = models.CharField(max_length=4)
    body = models.TextField()
    servers = models.JSONField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    server = models.CharField(max_length=250, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["AlarmMessage"].as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "created_at"])]


class ComparisonPlan(models.Model):
    """Whether a partner's webhook is asked each day which alarms and residents it has."""

    organisation_path = "partner__organisation"

    partner = models.OneToOneField(Partner, models.CASCADE, related_name="comparison_plan")
    is_daily = models.BooleanField(_("asked by the webhook each day"), default=False)

    objects = ScopedQuerySet["ComparisonPlan"].as_manager()


class Comparison(models.Model):
    """One day's alarms, as the desk and as the partner know them (S4)."""

    organisation_path = "partner__organisation"

    class State(models.TextChoices):
        ASKING = "asking", _("is being asked")
        SAME = "same", _("the same on both sides")
        DIFFERS = "differs", _("different")
        FAILED = "failed", _("the partner gave no answer")

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="comparisons")
    day = models.DateField()
    state = models.CharField(max_length=7, choices=State, default=State.ASKING)
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    alarms = models.PositiveIntegerField(default=0, help_text="that the partner was notified of that day")
    unknown_there = models.JSONField(default=list, help_text="requests that the partner does not have")
    unknown_here = models.JSONField(default=list, help_text="what only the partner has, by its own number")
    residents = models.JSONField(default=list, help_text="numbers of residents that only one side knows")
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["Comparison"].as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [models.UniqueConstraint(fields=["partner", "day"], name="one_comparison_a_day")]


class Rota(models.Model):
    """An organisation's rota, notified before its residents' contacts or in their place (S5)."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="rota")
    replaces_contacts = models.BooleanField(_("instead of the residents' contacts"), default=False)
    time_zone = models.CharField(_("time zone"), max_length=30, choices=ZONES, default="Europe/Helsinki")

    objects = ScopedQuerySet["Rota"].as_manager()


class RotaPerson(models.Model):
    """A person of the rota, with a phone number."""

    organisation_path = "rota__organisation"

    rota = models.ForeignKey(Rota, models.CASCADE, related_name="people")
    name = models.CharField(_("name"), max_length=150)
    phone = models.CharField(_("phone"), max_length=20)
    email = models.EmailField(_("e-mail address"))

    objects = ScopedQuerySet["RotaPerson"].as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class RotaShift(models.Model):
    """A weekly shift of one person of a rota, in the organisation's wall time."""

    organisation_path = "person__rota__organisation"

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    person = models.ForeignKey(RotaPerson, models.CASCADE, related_name="shifts", verbose_name=_("who"))
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    starts = models.TimeField(_("begins"))
    ends = models.TimeField(_("ends"))
    first_day = models.DateField(_("from the day"), null=True, blank=True)
    last_day = models.DateField(_("until the day"), null=True, blank=True)

    objects = ScopedQuerySet["RotaShift"].as_manager()

    class Meta:
        ordering = ["weekday", "starts", "pk"]


class RotaCalendar(models.Model):
    """The calendar file of a rota; valid until another one replaces it (S5)."""

    organisation_path = "rota__organisation"

    rota = models.OneToOneField(Rota, models.CASCADE, related_name="calendar")
    file_name = models.CharField(max_length=150)
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    sources = models.JSONField(help_text="each series as a calendar of its own (RFC 5545)")
    problems = models.JSONField(default=list, help_text="[name, code, values] of what is not in the plan")
    expanded_until = models.DateField(help_text="the last day that the spans reach")

    objects = ScopedQuerySet["RotaCalendar"].as_manager()


class RotaSpan(models.Model):
    """One duty from the calendar file, in whole quarters of an hour."""

    organisation_path = "calendar__rota__organisation"

    calendar = models.ForeignKey(RotaCalendar, models.CASCADE, related_name="spans")
    person = models.ForeignKey(RotaPerson, models.CASCADE, related_name="spans")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects = ScopedQuerySet["RotaSpan"].as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]


class SafeWords(models.Model):
    """A resident's two safe words, encrypted; the key is not in the database (S6)."""

    organisation_path = "resident__organisation"

    resident = models.OneToOneField(Resident, models.CASCADE, related_name="safe_words")
    sealed = models.BinaryField()

    objects = ScopedQuerySet["SafeWords"].as_manager()


class OperatorStep(models.Model):
    """An operator's action on an alarm besides the steps of the help board."""

    organisation_path = "request__organisation"

    class Kind(models.TextChoices):
        CALLED = "called", _("called the screen")
        REVEALED = "revealed", _("saw the safe words")
        WELL = "well", _("heard the word for: all is well")
        DURESS = "duress", _("heard the word for: under duress")
        NOTED = "noted", _("made a note")

    request = models.ForeignKey(HelpRequest, models.CASCADE, related_name="operator_steps")
    kind = models.CharField(max_length=8, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    who = models.CharField(max_length=150, blank=True, help_text="somebody without an account: the centre")
    words = models.CharField(max_length=500, blank=True, help_text="of a note")
    at = models.DateTimeField()

    objects = ScopedQuerySet["OperatorStep"].as_manager()

    class Meta:
        ordering = ["at", "pk"]


class DuressAlarm(models.Model):
    """A duress alarm: the screen shows nothing, desk and staff on duty are notified (S6)."""

    organisation_path = "request__organisation"

    request = models.OneToOneField(HelpRequest, models.CASCADE, related_name="duress")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    raised_at = models.DateTimeField()
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["DuressAlarm"].as_manager()


class ContactSheet(models.Model):
    """A spreadsheet between preview and the end of its import; kept for at most an hour unless confirmed."""

    organisation_path = "user__organisation"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    data = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)
    worked_at = models.DateTimeField(null=True, help_text="confirmed, and last worked on then")

    objects = ScopedQuerySet["ContactSheet"].as_manager()
