"""The form renderer of the desk."""

from django.forms.renderers import TemplatesSetting


class DeskRenderer(TemplatesSetting):
    """Renders fields with label, help and errors, from the desk's own templates."""

    form_template_name = "desk/form.html"
    field_template_name = "desk/field.html"
