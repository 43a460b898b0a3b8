"""A live look at the resident's screen, which the screen tells of (issue item 1)."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
