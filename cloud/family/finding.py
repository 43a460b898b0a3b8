"""Relatives and professionals by their name, address or number."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cloud.base.search import Hit, Subject
from cloud.family import directory
from cloud.organisations.models import User
from cloud.organisations.roles import Verb
from cloud.people.models import Contact


def _find(user: User, words: str) -> QuerySet[Contact]:
    return directory.matching(user, words, "")


def _hit(contact: Contact) -> Hit:
    details = [contact.get_role_display(), contact.phone, contact.email, str(contact.organisation)]
    return Hit(str(contact), details, reverse("family:contact", args=[contact.pk]))


CONTACTS = Subject("contacts", _("Contacts"), 20, Verb.SEE_RESIDENTS, _find, _hit, "family:contacts")
