"""Template filters of telephone numbers."""

from django import template

from cloud.people.phone import for_people

register = template.Library()
register.filter("phone", for_people)
