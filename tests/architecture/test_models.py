"""Every table says whom its rows belong to."""

import pytest
from django.apps import apps
from django.db.models import Model

from patenwerk.core.policy import columns_of

MODELS = [
    model
    for config in apps.get_app_configs()
    if config.name.startswith("patenwerk.")
    for model in config.get_models()
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_model_has_scope_columns_or_says_why_not(model: type[Model]) -> None:
    reason = getattr(model, "scope_free", "")
    if reason:
        assert len(reason) > 20, "a reason in words"
        return
    fields = {field.attname: field for field in model._meta.concrete_fields}
    assert columns_of(model)
    assert set(columns_of(model).values()) <= set(fields)
