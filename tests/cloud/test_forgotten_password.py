"""A forgotten password comes again by e-mail, and nobody learns who has an account (V7)."""

import re

import pytest
from django.core import mail
from django.test import Client

from cloud.delivery.models import Delivery
from cloud.organisations import forgotten
from cloud.organisations.models import PasswordRequest, User
from tests.cloud.homes import Home, make_user
from tests.cloud.mail_channel import post_mail

pytestmark = [pytest.mark.requirement("V7"), pytest.mark.django_db, pytest.mark.postgresql]

PAGE = "/sign-in/forgotten/"
NEW = "Sininen kuppi 77?"


@pytest.fixture
def kaisa(home: Home) -> User:
    user = make_user(home.organisation, "Kaisa")
    User.objects.filter(pk=user.pk).update(email="kaisa@example.org")
    user.refresh_from_db()
    return user


def ask(email: str, address: str = "192.0.2.1") -> str:
    """What the page answers, without the key of its form."""
    answer = Client(REMOTE_ADDR=address).post(PAGE, {"email": email})
    assert answer.status_code == 200
    return re.sub(r'value="\w{64}"', "", answer.content.decode())


def test_the_link_sets_a_new_password(kaisa: User) -> None:
    """By e-mail, in the reader's language, for one use."""
    ask("KAISA@example.org")
    assert not mail.outbox
    forgotten.answer_due()
    forgotten.answer_due()
    post_mail()
    (letter,) = mail.outbox
    assert letter.to == ["kaisa@example.org"]
    assert "You have asked for a new password" in str(letter.body)
    found = re.search(r"(/welcome/\S+)", str(letter.body))
    assert found
    visitor = Client()
    form = visitor.get(found[1], follow=True).redirect_chain[-1][0]
    visitor.post(form, {"new_password1": NEW, "new_password2": NEW})
    kaisa.refresh_from_db()
    assert kaisa.check_password(NEW)


def test_the_answer_does_not_say_who_has_an_account(kaisa: User) -> None:
    """Word for word the same; a locked account and a stranger get no letter."""
    assert ask("kaisa@example.org") == ask("nobody@example.org")
    User.objects.filter(pk=kaisa.pk).update(is_active=False)
    forgotten.answer_due()
    post_mail()
    assert not mail.outbox


def test_nobody_is_flooded_with_letters(kaisa: User) -> None:
    """Three an hour for one address, ten from one place; the answer stays the same."""
    answers = {ask("kaisa@example.org", f"192.0.2.{number}") for number in range(8)}
    assert len(answers) == 1
    forgotten.answer_due()
    asked = Delivery.objects.filter(about="account")
    assert asked.count() == forgotten.MOST_FOR_ONE_ADDRESS
    # Each link ends the one before: one letter is enough.
    post_mail()
    assert len(mail.outbox) == 1
    for number in range(20):
        ask(f"somebody{number}@example.org", "198.51.100.7")
    assert PasswordRequest.objects.filter(sent_from="198.51.100.7").count() == forgotten.MOST_FROM_ONE_PLACE


@pytest.mark.parametrize("wrong", ["", "no address", "a" * 500 + "@example.org", "a\0@example.org"])
def test_what_is_no_address_is_said(db: None, wrong: str) -> None:
    """The form says so, and nothing is kept."""
    assert "an e-mail with a link is on its way" not in ask(wrong)
    assert not PasswordRequest.objects.exists()


def test_the_door_leads_there(client: Client, db: None) -> None:
    """From the page on which one signs in."""
    assert PAGE in client.get("/sign-in/").content.decode()
