"""Messages to relatives: approval, refusal, and their link."""

from django.utils import translation
from django.utils.translation import gettext as _

from cloud.base.addresses import absolute
from cloud.calls import links
from cloud.calls.models import PersonalLink
from cloud.delivery import outbox
from cloud.delivery.models import Delivery
from cloud.delivery.outbox import Address, Letter
from cloud.family.models import Application


def welcome(application: Application, link: PersonalLink) -> Delivery:
    """Send the approval with the link."""
    with translation.override(application.language):
        names = [str(relation.resident) for relation in link.contact.relations.select_related("resident")]
        lines = [
            _("Hello %(name)s,") % {"name": application.first_name},
            _("you can now call %(residents)s on Kotiruutu.") % {"residents": ", ".join(names)},
            *_about(link),
        ]
        subject = _("Your link to Kotiruutu")
    return _put(application, "approved", subject, lines)


def refusal(application: Application) -> Delivery:
    """Send the refusal with the reason as entered."""
    with translation.override(application.language):
        lines = [
            _("Hello %(name)s,") % {"name": application.first_name},
            _("your application to %(organisation)s was not approved.")
            % {"organisation": application.organisation},
            _("Reason: %(reason)s") % {"reason": application.reason},
        ]
        subject = _("Your application to Kotiruutu")
    return _put(application, "refused", subject, lines)


def link_again(link: PersonalLink, key: str, language: str) -> Delivery:
    """Send a contact's link again."""
    contact = link.contact
    with translation.override(language):
        lines = [_("Hello %(name)s,") % {"name": contact.first_name}, *_about(link)]
        subject = _("Your link to Kotiruutu")
    addresses = [Address("email", contact.email)] if contact.email else []
    if contact.phone:
        addresses.append(Address("phone", contact.phone))
    letter = Letter(key, "link", str(contact), subject, "\n\n".join(lines) + "\n", addresses)
    return outbox.put(contact.organisation, letter)


def _about(link: PersonalLink) -> list[str]:
    # The secret is not stored, and messages are kept for a while: the pass in it is valid for a week.
    address = absolute(links.address(links.make_pass(link, links.BY_LETTER)))
    return [
        _("Open this link on the phone or computer with which you call. It works for a week:"),
        address,
        _("Afterwards that browser knows you. Do not pass it on: anybody who has it can call in your name."),
    ]


def _put(application: Application, what: str, subject: str, lines: list[str]) -> Delivery:
    letter = Letter(
        f"application/{application.pk}/{what}",
        "application",
        str(application),
        subject,
        "\n\n".join(lines) + "\n",
        [Address("email", application.email)],
    )
    return outbox.put(application.organisation, letter)
