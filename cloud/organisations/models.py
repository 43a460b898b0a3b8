"""The tree of organisations, and users."""

from collections.abc import Iterable
from copy import copy

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cloud.base.languages import LANGUAGES
from cloud.organisations.roles import Role, Verb, paths_for
from cloud.organisations.scope import ScopedQuerySet


class Organisation(models.Model):
    """A care organisation; ``path`` contains the ids from the root down to this one (``/1/5/``)."""

    organisation_path = ""

    name = models.CharField(_("name"), max_length=150)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=255, unique=True, editable=False)

    objects = ScopedQuerySet["Organisation"].as_manager()

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """Set the path of a new organisation below its parent."""
        is_new = self.pk is None
        if is_new:
            self.path = f"new-{id(self)}"
        super().save(*args, **kwargs)  # type: ignore[arg-type]
        if is_new:
            self.path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
            super().save(update_fields=["path"])

    @property
    def line(self) -> list[int]:
        """Return the ids from the root down to this one."""
        return [int(pk) for pk in self.path.strip("/").split("/")]


class AccountState(models.TextChoices):
    """The state of a user's account."""

    ACTIVE = "active", _("active")
    INVITED = "invited", _("invited")
    LOCKED = "locked", _("locked")
    DEACTIVATED = "deactivated", _("deactivated")


class User(AbstractUser):
    """A user of the desk."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="users")
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="fi")
    # Only the newest link to set a password is valid.
    link_made_at = models.DateTimeField(null=True, editable=False)
    deactivated_at = models.DateTimeField(null=True, editable=False)
    anonymised_at = models.DateTimeField(null=True, editable=False)
    codes_since = models.DateTimeField(_("one-time codes since"), null=True, editable=False)

    REQUIRED_FIELDS = ["email", "organisation"]

    # Set by ``act_as``.
    _acting: Verb | None = None

    def __str__(self) -> str:
        if self.anonymised_at:
            return gettext("Former user %(number)d") % {"number": self.pk}
        return self.get_full_name() or self.username

    @property
    def state(self) -> "AccountState":
        """Return whether the account works, and why not."""
        if self.deactivated_at:
            return AccountState.DEACTIVATED
        if not self.is_active:
            return AccountState.LOCKED
        return AccountState.ACTIVE if self.has_usable_password() else AccountState.INVITED

    def act_as(self, verb: Verb) -> bool:
        """Limit this object to organisations where the user has the permission; False if there are none."""
        self._acting = verb
        return bool(self.paths)

    def acting(self, verb: Verb) -> "User":
        """Return a copy limited to organisations where the user has this permission."""
        copied = copy(self)
        copied.act_as(verb)
        return copied

    def give(self, roles: Iterable[Role], organisation: Organisation) -> None:
        """Add these roles in the organisation and below."""
        for role in roles:
            Grant.objects.get_or_create(user=self, organisation=organisation, role=role)
        self.__dict__.pop("held", None)

    def may(self, verb: Verb) -> bool:
        """Return whether the user has this permission anywhere."""
        return bool(paths_for(self.held, verb))

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the paths of the organisations at the top of what the user sees."""
        return paths_for(self.held, self._acting)

    @cached_property
    def held(self) -> list[tuple[str, str]]:
        """Return the user's roles, each with the path of its organisation."""
        return list(self.grants.values_list("role", "organisation__path")) if self.is_active else []


class Grant(models.Model):
    """A user's role in an organisation and in those below it (K14)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    organisation = models.ForeignKey(Organisation, models.CASCADE, verbose_name=_("organisation"))
    role = models.CharField(_("role"), max_length=20, choices=Role)

    objects = ScopedQuerySet["Grant"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "role"], name="one_grant_each")
        ]


class CodeRule(models.Model):
    """Users with this role in this organisation, or below it, need one-time codes."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, verbose_name=_("organisation"))
    role = models.CharField(_("role"), max_length=20, choices=Role)

    objects = ScopedQuerySet["CodeRule"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "role"], name="one_code_rule_each")]


class Passkey(models.Model):
    """A key of WebAuthn with which a user signs in; only its public half is known here."""

    organisation_path = "user__organisation"

    user = models.ForeignKey(User, models.CASCADE, related_name="passkeys")
    name = models.CharField(_("name"), max_length=60)
    credential_id = models.CharField(max_length=1400, unique=True, editable=False)
    credential = models.BinaryField(help_text="as the authenticator attested it")
    counter = models.BigIntegerField(default=0, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True, editable=False)

    objects = ScopedQuerySet["Passkey"].as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class SignIn(models.Model):
    """A sign-in: when, from where, and its session."""

    organisation_path = "user__organisation"

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, db_index=True)
    at = models.DateTimeField(auto_now_add=True)
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=200, blank=True)

    objects = ScopedQuerySet["SignIn"].as_manager()

    class Meta:
        ordering = ["-pk"]


class FailedSignIn(models.Model):
    """A failed sign-in; too many of them block sign-in for a while."""

    name_sha256 = models.CharField(max_length=64)
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["at"])]


class PasswordRequest(models.Model):
    """Somebody has forgotten a password; answered by the clock, so that nothing shows whom the desk knows."""

    email = models.EmailField()
    sent_from = models.GenericIPAddressField(null=True)
    made_at = models.DateTimeField(db_index=True)
    is_done = models.BooleanField(default=False)
