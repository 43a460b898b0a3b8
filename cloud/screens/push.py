"""What is saved goes to the screens it concerns, or is not saved at all."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from cloud.devices.documents import refresh
from cloud.devices.models import Device
from cloud.people.models import Contact


def push_contact(contact: Contact) -> None:
    """After a change to somebody whom several residents may know (V15); inside its transaction."""
    for device in Device.objects.filter(resident__relations__contact=contact).distinct():
        refresh(device)


def saved(form: forms.BaseForm, save: Callable[[], Any], push: Callable[[], None]) -> bool:
    """Whether the form was right, is saved, and is on its way.

    A document that the device could not use becomes an error of the form, and nothing is saved.
    """
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            save()
            push()
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True
