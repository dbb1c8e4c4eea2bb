"""How every form of the house is written: labels, hints, errors, a summary on top."""

from __future__ import annotations

from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """Set as ``FORM_RENDERER``; then ``{{ form }}`` and ``{{ form.x.as_field_group }}`` use it."""

    form_template_name = "core/forms/form.html"
    field_template_name = "core/forms/field.html"
