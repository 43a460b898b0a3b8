"""A modem has its own number and no account: there is nothing to set but whether it is used."""

from django import forms

from cloud.base.forms import PlainForm


class ModemForm(PlainForm, forms.Form):
    """No fields of its own."""
