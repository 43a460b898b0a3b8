"""``add_user``: how the first nurse of a home comes to sign in."""

import io
from collections.abc import Callable

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from cloud.organisations.models import Organisation, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def add(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Runs the command with a password on its standard input."""

    def run(username: str, password: str, organisation: str = "City / Home") -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        call_command("add_user", username, first_name="Anna", organisation=organisation, stdout=io.StringIO())

    return run


def test_organisations_on_the_way_are_made_once(add: Callable[..., None]) -> None:
    """The second nurse joins the home of the first."""
    add("anna", "Kahvi ja pulla 4!")
    add("mikael", "Pulla ja kahvi 5!")
    assert [each.name for each in Organisation.objects.order_by("path")] == ["City", "Home"]
    user = authenticate(username="anna", password="Kahvi ja pulla 4!")
    assert isinstance(user, User)
    assert user.organisation.path.count("/") == 3


@pytest.mark.requirement("V7")
@pytest.mark.parametrize(
    "password",
    [
        "", "short", "password1234", "annaannaanna", "aaaaaaaaaaaa", "abc1abc1abc1", "salasana1234",
        "Lösenord!2026", "AnnaHome2026!",
    ],
)  # fmt: skip
def test_weak_passwords_are_refused(add: Callable[..., None], password: str) -> None:
    """Too short, too common, repeated, or made of names."""
    with pytest.raises(CommandError):
        add("annaannaanna", password)
    assert not User.objects.exists()


def test_a_taken_name_is_refused(add: Callable[..., None]) -> None:
    """Nobody takes over an account by adding it again."""
    add("anna", "Kahvi ja pulla 4!")
    with pytest.raises(CommandError, match="already"):
        add("anna", "Another Word 7?")


def test_an_organisation_needs_a_name(add: Callable[..., None]) -> None:
    """A slash too many is said to be one."""
    with pytest.raises(CommandError, match="no name"):
        add("anna", "Kahvi ja pulla 4!", "City /")
