"""The one library all parts are registered in."""

from __future__ import annotations

from django import template

register = template.Library()
