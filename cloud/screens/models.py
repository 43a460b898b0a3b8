"""The content of each resident's screen."""

from datetime import time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cloud.base.languages import LANGUAGES
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

    objects = ScopedQuerySet["ResidentView"].as_manager()
