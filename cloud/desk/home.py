"""The start page of the desk."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from cloud.desk.shell import menu_of
from cloud.organisations.request import DeskRequest


def home(request: DeskRequest) -> HttpResponse:
    """Redirect to the first page of the user's menu; without any role show a page that says so."""
    if request.user.held:
        return redirect(menu_of(request.user)[0].url)
    return render(request, "desk/no_role.html", status=403)
