"""The page on which a relative sends pictures and texts, with their personal link."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cloud.album.document import sent_by
from cloud.album.forms import SendForm
from cloud.album.sending import residents_of, send
from cloud.calls import links
from cloud.people.models import Contact

MOST_SHOWN = 30


@login_not_required
def page(request: HttpRequest) -> HttpResponse:
    """Show the form, and the answers received; without a link redirect to the sign-in page."""
    contact = links.contact_of(request)
    if contact is None:
        return redirect("caller:page")
    residents = residents_of(contact)
    form = SendForm(residents, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _is_sent(form, contact):
        messages.success(request, _("It is on its way to the screen."))
        return redirect("album-sender:page")
    sent = sent_by(contact).defer("data")[:MOST_SHOWN]
    context = {"contact": contact, "form": form, "residents": residents, "sent": sent}
    return render(request, "album/page.html", context)


@login_not_required
@require_GET
def picture(request: HttpRequest, picture: int) -> HttpResponse:
    """Serve one of the contact's own pictures."""
    contact = links.contact_of(request)
    found = sent_by(contact).filter(pk=picture).exclude(sha256="").first() if contact else None
    if found is None:
        raise Http404
    return HttpResponse(bytes(found.data), content_type="image/jpeg")


def _is_sent(form: SendForm, contact: Contact) -> bool:
    chosen = {str(each.pk): each for each in residents_of(contact)}[form.cleaned_data["resident"]]
    try:
        send(contact, chosen, form.cleaned_data["words"], form.cleaned_data["picture"] or b"")
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True
