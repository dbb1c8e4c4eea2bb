"""Which guards are found, and that the code without one lets pass what it refused."""

from __future__ import annotations

import ast

import pytest

from tests.faults import guards

REFUSING = """
class Reason: pass

def over() -> Reason:
    return Reason()

def _demand(said) -> None:
    if not said:
        raise ValueError

def f(value, other=None):
    found = []
    BODY
    return found
"""


def taken_from(body: str, *, policy: bool = False) -> list[str]:
    """What is taken away, fault by fault, of a function with this body."""
    indented = "\n    ".join(body.splitlines())
    tree = ast.parse(REFUSING.replace("BODY", indented))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    finder = guards.Finder(functions, in_policy=policy)
    found = guards._faults_in(guards.SOURCE / "x.py", tree, finder)
    return [fault.guard for fault in found if fault.where == "f"]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("if value:\n    raise ValueError", ["value"]),
        ("if value or other:\n    raise ValueError", ["value", "other"]),
        ("if not 1 <= value <= 9:\n    yield Reason()", ["1 <= value", "value <= 9"]),
        ("if value:\n    found.append(Reason())", ["value"]),
        ("if value:\n    found = [over()]", ["value"]),
        ("if value:\n    found += [Reason()]\nelif other:\n    return", ["value", "other"]),
        ("for one in value:\n    yield Reason()", ["yield Reason()"]),
        ("return [Reason() for one in value if one]", ["one"]),
        ("return Reason() if value else None", ["value"]),
        ("return None if value else Reason()", ["value"]),
        ("_demand(value)", ["_demand(value)"]),
        ("broken(Broken.NETWORK, value)", ["broken(Broken.NETWORK, value)"]),
        ("try:\n    value()\nexcept KeyError:\n    raise", []),
        ("for one in value:\n    if other:\n        continue", ["other"]),
        ("if value:\n    return None", ["value"]),
        ("if value:\n    return found", []),
    ],
)
def test_guards_are_found(body: str, found: list[str]) -> None:
    assert taken_from(body) == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("return any(one == value for one in other)", ["one == value"]),
        ("return Q(pk=value) & Q(pk__in=other)", ["Q(pk=value)", "Q(pk__in=other)"]),
        ("if value:\n    return False", ["value"]),
    ],
)
def test_in_a_policy_every_condition_is_a_guard(body: str, found: list[str]) -> None:
    assert taken_from(body, policy=True) == found
    assert taken_from(body) == []
