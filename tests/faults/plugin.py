"""Takes away one guard after the other and runs the tests that come past it.

    python -m pytest -p tests.faults.plugin --faults matching -m "not browser" -s -q tests/matching

Nothing is written: every fault lives in a process of its own, forked after the tests were
collected, where the functions get the code of the module without the guard. Which tests come past
a guard a first run tells, with the lines each test has executed.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import CodeType, FunctionType

import coverage
import pytest
from hypothesis import settings

from tests.faults.equivalent import EQUIVALENT
from tests.faults.guards import Fault, deciding, faults

FAILED, PASSED, BROKEN = 1, 0, 3
PATIENCE = 20
"""Seconds beyond five times the usual before a test counts as one that never ends."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--faults", help="the app whose guards are taken away")


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    settings.load_profile("patenwerk-ci")  # the same examples in every run, none remembered


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        house = House(session, session.config.getoption("--faults"), Path(folder))
        session.config.pluginmanager.register(house)
        session.testsfailed += house.look()
    return True


def planted(fault: Fault, functions: Sequence[FunctionType]) -> None:
    """Give the module's functions the code without the guard."""
    new = {(code.co_qualname, code.co_firstlineno): code for code in _codes(fault.code)}
    for function in functions:
        old = function.__code__
        if not old.co_name.startswith("<"):
            function.__code__ = new[old.co_qualname, old.co_firstlineno]


def _codes(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)


class House:
    """One app's guards and the collected tests."""

    def __init__(self, session: pytest.Session, app: str, folder: Path) -> None:
        self.session, self.app, self.folder = session, app, folder
        self.items = {item.nodeid: item for item in session.items}
        self.say = session.config.get_terminal_writer()
        self.failed = False
        self.seconds: dict[str, float] = {}
        self.passes_alone: dict[str, bool] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed |= report.failed

    def look(self) -> int:
        """Try every fault and say what was found; answers how many things are to be done."""
        begun = time.monotonic()
        if self._forked(self._watch) != PASSED:
            by = (self.folder / "by").read_text()
            self.say.line(f"{self.app}: fails already without a fault: {by}")
            return 1
        self.seconds = json.loads((self.folder / "seconds").read_text())
        cover = coverage.CoverageData(str(self.folder / "lines"))
        cover.read()
        counted: Counter[str] = Counter()
        said = []
        for fault, plant in self._faults():
            passing = cover.contexts_by_lineno(str(fault.path))
            names = {name for line in fault.lines for name in passing.get(line, ())} - {""}
            noticed = self._is_noticed(plant, sorted(names, key=self.seconds.__getitem__))
            known = fault.key in EQUIVALENT
            counted["caught" if noticed else "equivalent" if known else "unnoticed"] += 1
            self.say.write("." if noticed else "=" if known else "U", flush=True)
            if noticed == known:
                what = "is noticed after all" if noticed else f"unnoticed by {len(names)} tests"
                said.append(f"{fault.path}:{fault.lines.start} {what}\n    {fault.key}")
        figures = ", ".join(f"{counted[name]} {name}" for name in sorted(counted))
        spent = time.monotonic() - begun
        self.say.line(f"\n{self.app}: {counted.total()} guards: {figures}; {spent:.0f} s")
        for line in said:
            self.say.line(line)
        return len(said)

    def _faults(self) -> Iterator[tuple[Fault, Callable[[], None]]]:
        from patenwerk.core.lifecycle import Step  # Django is not yet up when plugins are read

        functions: dict[str, list[FunctionType]] = defaultdict(list)
        steps = []
        gc.unfreeze()  # what was set aside after the tests were collected is not told otherwise
        for each in gc.get_objects():
            if type(each) is FunctionType:  # »isinstance« would wake lazy objects
                functions[each.__code__.co_filename].append(each)
            elif type(each) is Step:
                steps.append(each)
        for fault in faults(self.app):
            yield fault, partial(planted, fault, functions[str(fault.path)])
        paths = {str(path): path for path in deciding(self.app)}
        for step in steps:
            for guard in step.guards:
                code = guard.__code__
                if code.co_filename in paths:
                    rest = tuple(other for other in step.guards if other is not guard)
                    lines = range(code.co_firstlineno, max(n or 0 for *_, n in code.co_lines()) + 1)
                    fault = Fault(
                        paths[code.co_filename], lines, f"{step.name}", guard.__name__, code
                    )
                    yield fault, partial(object.__setattr__, step, "guards", rest)

    def _is_noticed(self, plant: Callable[[], None], names: Sequence[str]) -> bool:
        """Whether a test fails with the fault that passes by itself without it."""
        left = [name for name in names if self.passes_alone.get(name, True)]
        answer = self._forked(partial(self._play, left, plant))
        if answer in {PASSED, BROKEN}:
            return False
        if answer != FAILED:
            return True  # it never ended
        by = (self.folder / "by").read_text()
        if by not in self.passes_alone:
            alone = self._forked(partial(self._play, [by], lambda: None))
            self.passes_alone[by] = alone == PASSED
        return self.passes_alone[by] or self._is_noticed(plant, names)

    def _watch(self) -> int:
        """Run everything once and note who executes which line, and how long it takes."""
        paths = [str(path) for path in deciding(self.app)]
        cover = coverage.Coverage(str(self.folder / "lines"), config_file=False, include=paths)
        cover.start()
        seconds = {}
        names = list(self.items)
        for name, following in zip(names, [*names[1:], None], strict=True):
            cover.switch_context(name)
            begun = time.monotonic()
            self._run(name, following)
            seconds[name] = time.monotonic() - begun
            if self.failed:
                (self.folder / "by").write_text(name)
                return FAILED
        cover.stop()
        cover.save()
        (self.folder / "seconds").write_text(json.dumps(seconds))
        return PASSED

    def _play(self, names: Sequence[str], plant: Callable[[], None]) -> int:
        plant()
        for name, following in zip(names, [*names[1:], None], strict=True):
            signal.alarm(PATIENCE + int(5 * self.seconds[name]))
            self._run(name, following)
            if self.failed:
                (self.folder / "by").write_text(name)
                return FAILED
        return PASSED

    def _run(self, name: str, following: str | None) -> None:
        item, nextitem = self.items[name], self.items[following] if following else None
        self.session.config.hook.pytest_runtest_protocol(item=item, nextitem=nextitem)

    def _forked(self, task: Callable[[], int]) -> int:
        """Do it in a process of its own, silently; what it leaves behind is ended with it."""
        child = os.fork()
        if child:
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            with suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
            return code
        code = BROKEN
        try:
            os.setsid()
            nowhere = os.open(os.devnull, os.O_RDWR)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            code = task()
        finally:
            os._exit(code)
