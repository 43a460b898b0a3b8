"""Files of templates: signed links that work at once, for anybody who has them, until they expire (N7)."""

from django.core import signing
from django.urls import reverse

from cloud.base.addresses import absolute
from cloud.notices.models import TemplateFile

SALT = "kotiruutu.notices.file"
LINK_S = 14 * 24 * 3600
MOST_BYTES = 10_000_000
KINDS = ("application/pdf", "image/jpeg", "image/png", "text/plain")


def link(file: TemplateFile) -> str:
    """The address of the file, good for two weeks from now on."""
    token = signing.dumps(file.pk, salt=SALT)
    return absolute(reverse("notices:file", args=[token]))


def of_token(token: str) -> TemplateFile | None:
    """The file, while its link is good."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=LINK_S)
    except signing.BadSignature:
        return None
    return TemplateFile.objects.filter(pk=pk).first()
