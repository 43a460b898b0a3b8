"""Signed links to template files, valid for anybody until they expire (N7)."""

from django.core import signing
from django.urls import reverse

from cloud.base.addresses import absolute
from cloud.notices.models import TemplateFile

SALT = "kotiruutu.notices.file"
LINK_S = 14 * 24 * 3600
MOST_BYTES = 10_000_000
KINDS = ("application/pdf", "image/jpeg", "image/png", "text/plain")


def link(file: TemplateFile) -> str:
    """Return the file's URL, valid for two weeks."""
    token = signing.dumps(file.pk, salt=SALT)
    return absolute(reverse("notices:file", args=[token]))


def of_token(token: str) -> TemplateFile | None:
    """Return the file of a valid link, or None."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=LINK_S)
    except signing.BadSignature:
        return None
    return TemplateFile.objects.filter(pk=pk).first()
