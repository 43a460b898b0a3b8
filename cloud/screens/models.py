"""The content of each resident's screen."""

from datetime import time

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cloud.base.languages import LANGUAGES
from cloud.organisations.models import Organisation
from cloud.organisations.scope import ScopedQuerySet
from cloud.people.models import Resident


class ResidentView(models.Model):
    """The resident's view: elements (V1, V6) and appearance."""

    organisation_path = "resident__organisation"

    class Profile(models.TextChoices):
        FULL = "full", _("Full")
        SIMPLE = "simple", _("Simple: two choices")

    class Colours(models.TextChoices):
        DAY = "day", _("Day")
        NIGHT = "night", _("Night")
        AUTO = "auto", _("Day and night by the clock")

    resident = models.OneToOneField(Resident, models.CASCADE, related_name="view")
    cafe = models.BooleanField(_("café"), default=True)
    relatives = models.BooleanField(_("relatives"), default=True)
    urgent_call = models.BooleanField(_("urgent call button"), default=False)
    calendar = models.BooleanField(_("calendar"), default=True)
    mute = models.BooleanField(_("mute button"), default=True)
    clock = models.BooleanField(_("clock"), default=True)
    date = models.BooleanField(_("date"), default=True)
    queue = models.BooleanField(_("customer service"), default=False)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="fi")
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Helsinki")
    profile = models.CharField(_("profile"), max_length=6, choices=Profile, default=Profile.FULL)
    colours = models.CharField(_("colours"), max_length=5, choices=Colours, default=Colours.AUTO)
    night_from = models.TimeField(_("night from"), default=time(21))
    night_until = models.TimeField(_("night until"), default=time(7))
    high_contrast = models.BooleanField(_("high contrast"), default=False)
    hang_up_presses = models.PositiveSmallIntegerField(
        _("hanging up needs"), default=1, validators=[MinValueValidator(1), MaxValueValidator(2)]
    )
    speak_on_touch = models.BooleanField(_("says aloud what is touched"), default=False)
    text_scale = models.FloatField(
        _("text size"), default=1.0, validators=[MinValueValidator(1.0), MaxValueValidator(1.6)]
    )

    home_after_s = models.PositiveSmallIntegerField(
        _("the home page comes back"), default=90, validators=[MinValueValidator(10), MaxValueValidator(900)]
    )
    slide_show_after_min = models.PositiveSmallIntegerField(
        _("pictures from relatives"), default=0, validators=[MaxValueValidator(120)]
    )

    objects = ScopedQuerySet["ResidentView"].as_manager()


class ScreenGroup(models.Model):
    """Residents whose screens are changed together: a floor, a wing, those who sleep early."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, verbose_name=_("organisation"))
    name = models.CharField(_("name"), max_length=100)
    residents = models.ManyToManyField(Resident, verbose_name=_("residents"), related_name="screen_groups")

    objects = ScopedQuerySet["ScreenGroup"].as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="one_screen_group_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class ViewTemplate(models.Model):
    """Settings of views that are used again and again, under a name."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, verbose_name=_("organisation"))
    name = models.CharField(_("name"), max_length=100)
    values = models.JSONField(_("settings"), default=dict)

    objects = ScopedQuerySet["ViewTemplate"].as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="one_view_template_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class ViewChange(models.Model):
    """A change of the same settings in many views at once; it can be undone once."""

    organisation = models.ForeignKey(Organisation, models.CASCADE)
    target = models.CharField(max_length=150)
    values = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["ViewChange"].as_manager()

    class Meta:
        ordering = ["-pk"]


class ChangedView(models.Model):
    """One resident's view in a change of many: its settings before, and the outcome."""

    organisation_path = "resident__organisation"

    class Outcome(models.TextChoices):
        CHANGED = "changed", _("changed")
        OVERTAKEN = "overtaken", _("left as it is: somebody else changed it after the preview")
        UNDONE = "undone", _("undone")
        KEPT = "kept", _("not undone: somebody else has changed it since")

    change = models.ForeignKey(ViewChange, models.CASCADE, related_name="views")
    resident = models.ForeignKey(Resident, models.CASCADE, related_name="+")
    before = models.JSONField()
    outcome = models.CharField(max_length=9, choices=Outcome, default=Outcome.CHANGED)

    objects = ScopedQuerySet["ChangedView"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["change", "resident"], name="one_changed_view_each")]
