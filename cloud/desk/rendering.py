"""How every form of the desk is drawn."""

from django.forms.renderers import TemplatesSetting


class DeskRenderer(TemplatesSetting):
    """Fields with their label, help and errors, from the desk's own templates."""

    form_template_name = "desk/form.html"
    field_template_name = "desk/field.html"
