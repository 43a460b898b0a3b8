"""Sends due messages to push services; slow ones do not block the others."""

import base64
import io
import logging
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import fontpkg_atkinson_hyperlegible
import msgspec
from django.core import signing
from django.db import connection
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from cloud.base.https_post import NotPosted, post
from cloud.push.encryption import encrypt
from cloud.push.keys import authorization, decoded, encoded
from cloud.push.models import Phone, PushMessage
from cloud.push.subscriptions import drop_dead, target

log = logging.getLogger(__name__)

SALT = "kotiruutu.push"
AT_ONCE = 16
# A sender crashed in the middle: whether it was sent is unknown.
LEASE = timedelta(seconds=60)
# Later it would ring for a call that is over.
FRESH = timedelta(seconds=45)
GONE = (404, 410)
FONT = Path(fontpkg_atkinson_hyperlegible.__file__).parent / "files"
FACE_PX = 96
GROUND, INK = "#dcebe8", "#17433f"

State = PushMessage.State


class Sender:
    """Sends in parallel threads; messages without a free thread wait for the next turn."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(AT_ONCE, "push")
        self._open: set[Future[None]] = set()

    def send_due(self, now: datetime) -> None:
        """Claim due messages, and return at once."""
        if not PushMessage.objects.filter(state__in=(State.DUE, State.TRYING)).exists():
            return
        _lose(now)
        self._open = {each for each in self._open if not each.done()}
        due = PushMessage.objects.filter(state=State.DUE).order_by("pk").values_list("pk", flat=True)
        for pk in list(due[: AT_ONCE - len(self._open)]):
            if PushMessage.objects.filter(pk=pk, state=State.DUE).update(
                state=State.TRYING, at=timezone.now()
            ):
                self._open.add(self._pool.submit(_send_in_thread, pk))

    def close(self) -> None:
        """Finish messages in flight, and stop."""
        self._pool.shutdown()


def send(pk: int) -> None:
    """Send a claimed message, and record the result."""
    row = PushMessage.objects.select_related("phone__link__contact", "contact", "call").get(pk=pk)
    try:
        _push(row, row.phone)
    except (NotPosted, ValueError) as error:
        log.warning("Not delivered: %s", error)
        reason = (str(error) or type(error).__name__)[:300]
        PushMessage.objects.filter(pk=pk, state=State.TRYING).update(state=State.FAILED, reason=reason)
        return
    # The phone may have confirmed already.
    PushMessage.objects.filter(pk=pk, state=State.TRYING).update(state=State.SENT, at=timezone.now())


def token_of(row: PushMessage) -> str:
    """Return a token that authenticates the phone's answer to this message only."""
    return signing.dumps(row.pk, salt=SALT)


def message_of(token: str) -> PushMessage | None:
    """Return the message of a token, or None."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=timedelta(minutes=5))
    except signing.BadSignature:
        return None
    return PushMessage.objects.filter(pk=pk).select_related("contact", "call").first()


def _push(row: PushMessage, phone: Phone) -> None:
    message: dict[str, Any] = {**row.body, "kind": row.kind, "token": token_of(row)}
    message["tag"] = row.call_id or (f"note-{row.delivery_id}" if row.delivery_id else f"help-{row.pk}")
    initials = message.pop("initials", "")
    message["icon"] = face(initials) if initials else ""
    body = encrypt(msgspec.json.encode(message), decoded(phone.p256dh), decoded(phone.auth))
    headers = {
        "Authorization": authorization(phone.endpoint),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(FRESH.total_seconds())) if row.kind == PushMessage.Kind.RING else "86400",
        "Urgency": "high",
        # A newer message about the same call replaces an undelivered one.
        "Topic": encoded(sha256(str(message["tag"]).encode()).digest())[:32],
    }
    status, _ = post(phone.endpoint, body, headers, target())
    if status in GONE:
        drop_dead(phone)
    if not 200 <= status < 300:
        raise NotPosted(f"HTTP {status}")


@cache
def face(initials: str) -> str:
    """Return a round picture with these letters, as a ``data:`` URL."""
    picture = Image.new("RGBA", (FACE_PX, FACE_PX), (0, 0, 0, 0))
    drawing = ImageDraw.Draw(picture)
    drawing.ellipse((0, 0, FACE_PX - 1, FACE_PX - 1), fill=GROUND)
    font = ImageFont.truetype(_bold(), FACE_PX * 2 // 5)
    drawing.text((FACE_PX / 2, FACE_PX / 2), initials, fill=INK, font=font, anchor="mm")
    file = io.BytesIO()
    picture.quantize(16).save(file, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


def _bold() -> str:
    return str(
        next(file for file in sorted(FONT.iterdir()) if "Bold" in file.name and "Italic" not in file.name)
    )


def _lose(now: datetime) -> None:
    PushMessage.objects.filter(state=State.TRYING, at__lt=now - LEASE).update(
        state=State.FAILED, reason="the desk stopped while it was sent"
    )
    PushMessage.objects.filter(state=State.DUE, kind=PushMessage.Kind.RING, made_at__lt=now - FRESH).update(
        state=State.FAILED, reason="too late"
    )


def _send_in_thread(pk: int) -> None:
    try:
        send(pk)
    except Exception:
        log.exception("A message to a phone could not be sent")
    finally:
        connection.close()
