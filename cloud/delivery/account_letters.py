"""Letters with the link to an account: retried and listed as any message, but never stored with the link."""

from datetime import datetime

from cloud.delivery import late_letters, outbox
from cloud.delivery.late_letters import Outdated
from cloud.delivery.models import Delivery
from cloud.delivery.outbox import Address, Letter
from cloud.organisations import invitations
from cloud.organisations.models import User

ABOUT = "account"
_BY_OWNER, _BY_DESK = "owner", "desk"


def put(user: User, by_owner: bool) -> None:
    """Queue the letter about the newest link; those about earlier ones are no longer sent."""
    outbox.cancel(_letters(user))
    if user.link_made_at is None:
        return
    found = invitations.letter_to(user, user.link_made_at, by_owner=by_owner)
    if found is None:
        return
    asked_by = _BY_OWNER if by_owner else _BY_DESK
    key = f"{ABOUT}/{user.pk}/{asked_by}/{user.link_made_at.isoformat()}"
    outbox.put(
        user.organisation, Letter(key, ABOUT, str(user), found.subject, "", [Address("email", user.email)])
    )


def write(delivery: Delivery) -> str:
    """Return the words of a queued letter. Raises ``Outdated`` where its link was replaced."""
    _about, pk, asked_by, made_at = delivery.key.split("/")
    user = User.objects.select_related("organisation").filter(pk=pk).first()
    made = datetime.fromisoformat(made_at)
    found = invitations.letter_to(user, made, by_owner=asked_by == _BY_OWNER) if user else None
    if found is None:
        raise Outdated
    return found.body


def beside_user(user: User) -> dict[str, object]:
    """Return what became of the newest letter, for the page of the account."""
    return {"letter": _letters(user).order_by("-created_at").first()}


def _letters(user: User) -> outbox.Rows:
    return Delivery.objects.filter(about=ABOUT, key__startswith=f"{ABOUT}/{user.pk}/")


def register() -> None:
    """Carry the letters of accounts."""
    invitations.post_by(put)
    late_letters.register(ABOUT, write)
