"""Where somebody begins who comes to the desk."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from cloud.desk.shell import menu_of
from cloud.organisations.request import DeskRequest


def home(request: DeskRequest) -> HttpResponse:
    """The first page of their own menu; without any role there is none, and the page says so."""
    if request.user.held:
        return redirect(menu_of(request.user)[0].url)
    return render(request, "desk/no_role.html", status=403)
