"""Settings of a modem: only whether it is used, as it has no account."""

from django import forms

from cloud.base.forms import PlainForm


class ModemForm(PlainForm, forms.Form):
    """A form without fields: the modem is set in the desk's settings, not on its pages."""
