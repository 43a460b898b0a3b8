"""The search of the whole desk: what the user may see, by subject."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from cloud.base.lists import words_of
from cloud.base.search import Hit, Subject, subjects
from cloud.organisations.models import User
from cloud.organisations.request import DeskRequest
from cloud.organisations.roles import Verb

MOST_OF_SUBJECT = 6


@dataclass(frozen=True)
class Found:
    """The first hits of a subject, and the page of all where there are more."""

    subject: Subject
    hits: list[Hit]
    more: str


@require_GET
def search(request: DeskRequest) -> HttpResponse:
    """Show what contains all the words, by subject."""
    words = words_of(request)
    mine = [each for each in subjects() if request.user.may(Verb(each.verb))]
    found = [_found(each, request.user, words) for each in mine] if words else []
    context = {
        "section": "search",
        "words": words,
        "subjects": mine,
        "found": [each for each in found if each.hits],
    }
    return render(request, "desk/everywhere.html", context)


def _found(subject: Subject, user: User, words: str) -> Found:
    rows = list(subject.find(user.acting(Verb(subject.verb)), words)[: MOST_OF_SUBJECT + 1])
    more = f"{reverse(subject.page)}?{urlencode({'q': words})}" if rows[MOST_OF_SUBJECT:] else ""
    return Found(subject, [subject.hit(each) for each in rows[:MOST_OF_SUBJECT]], more)
