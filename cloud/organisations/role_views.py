"""The page that shows the table of roles (K14)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cloud.organisations.models import Grant
from cloud.organisations.request import DeskRequest
from cloud.organisations.roles import MAY, Role, Verb


@require_GET
def roles(request: DeskRequest) -> HttpResponse:
    """Show every verb with the roles that have it, and the user's own roles."""
    rows = [(verb.label, [verb in MAY[role] for role in Role]) for verb in Verb]
    own = Grant.objects.visible_to(request.user).filter(user=request.user).select_related("organisation")
    context = {"section": "roles", "roles": list(Role), "rows": rows, "own": own}
    return render(request, "organisations/roles.html", context)
