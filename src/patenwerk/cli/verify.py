"""``patenwerk verify``: whether a round is what it says, and the best there is; no database.

It trusts neither the search nor the file: the lists are read anew and both bounds computed from
the prices by a verifier that shares no code with the search.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from patenwerk.cli.lists import read_list
from patenwerk.cli.match import reading_of
from patenwerk.cli.results import digest_of
from patenwerk.cli.runs import Run, SaidPair, read_run
from patenwerk.matching.kernel.codes import Limit, limits_of
from patenwerk.matching.kernel.defaults import FULL_POINTS, POINTS_PER_WAITING_DAY
from patenwerk.matching.kernel.rounds import Limits, Pool, build_pool
from patenwerk.matching.kernel.verifier import BrokenRound, Proof, verify
from patenwerk.people.enums import Side
from patenwerk.places.kernel.towns import default_locator

NAME = "verify"
NEEDS_INSTALLATION = False
PROVED, NOT_PROVED = 0, 1
_ROOM = 1 << 62
"""What a certificate may count up to: beyond it 64 bits wrap round and would prove anything."""


class _NotProved(Exception):
    """Why a round is not what it says, in one line."""


def about() -> str:
    return _("Check a round that match wrote as JSON: its pairs, and that none is better.")


def configure(parser: ArgumentParser) -> None:
    parser.add_argument(
        "run_file", metavar="RUN", type=Path, help=_("round: JSON, as match writes it")
    )
    parser.add_argument(
        "--mentors",
        metavar="FILE",
        type=Path,
        help=_("list of mentors; without it the one named in RUN, beside it"),
    )
    parser.add_argument(
        "--mentees",
        metavar="FILE",
        type=Path,
        help=_("list of mentees; without it the one named in RUN, beside it"),
    )


def run(given: Namespace) -> int:
    said = read_run(given.run_file)
    beside = given.run_file.parent
    mentors = given.mentors or beside / said.lists["mentors"].file
    mentees = given.mentees or beside / said.lists["mentees"].file
    try:
        _demand_same_lists(said, mentors, mentees)
        pool = _pool(said, mentors, mentees)
        _demand_sound_pairs(said.pairs, pool)
        proof = _proof(said, pool)
        _demand_true_figures(said, proof)
        _demand_best(proof)
    except _NotProved as problem:
        print(problem)
        return NOT_PROVED
    sentence = ngettext(
        "Proved best: %(count)s pair; more are not possible, and no other choice scores more.",
        "Proved best: %(count)s pairs; more are not possible, and no other choice scores more.",
        proof.matched,
    )
    print(sentence % {"count": proof.matched})
    return PROVED


def _demand_same_lists(said: Run, mentors: Path, mentees: Path) -> None:
    for side, path in (("mentors", mentors), ("mentees", mentees)):
        known, found = said.lists[side].sha256, digest_of(path)
        if None not in (known, found) and known != found:
            sentence = _("Not proved: %(file)s is not the list this round was made of.")
            raise _NotProved(sentence % {"file": path.name})


def _pool(said: Run, mentors: Path, mentees: Path) -> Pool:
    as_then = Namespace(date_order=said.date_order, missing_level=said.missing_level)
    return build_pool(
        read_list(mentors, reading_of(Side.MENTOR, said.on, as_then)).people,
        read_list(mentees, reading_of(Side.MENTEE, said.on, as_then)).people,
        on=said.on,
        locate=default_locator(),
        weights=said.weights,
        limits=Limits(),
    )


def _demand_sound_pairs(pairs: Sequence[SaidPair], pool: Pool) -> None:
    broken = list(_broken(pairs, pool))
    if not broken:
        return
    pair, why = broken[0]
    sentence = _("Not proved: %(mentor)s and %(mentee)s: %(why)s.")
    line = sentence % {"mentor": pair.mentor, "mentee": pair.mentee, "why": why}
    further = len(broken) - 1
    if further:
        more = ngettext("(%(count)s further pair)", "(%(count)s further pairs)", further)
        line += f" {more % {'count': further}}"
    raise _NotProved(line)


def _broken(pairs: Sequence[SaidPair], pool: Pool) -> Iterator[tuple[SaidPair, str]]:
    """The pairs that cannot be, and why."""
    rows = {person.id: row for row, person in enumerate(pool.mentees)}
    columns = {person.id: column for column, person in enumerate(pool.mentors)}
    known = []
    for one in pairs:
        if one.mentee in rows and one.mentor in columns:
            known.append(one)
        else:
            yield one, _("not in the lists")
    look = pool.look(
        np.array([rows[one.mentee] for one in known], dtype=np.int64),
        np.array([columns[one.mentor] for one in known], dtype=np.int64),
    )
    met: Counter[tuple[Side, str]] = Counter()
    there: set[tuple[str, str]] = set()
    for at, one in enumerate(known):
        met.update(((Side.MENTEE, one.mentee), (Side.MENTOR, one.mentor)))
        limits = limits_of(int(look.broken[at]))
        if limits:
            yield one, _("the pair breaks a limit: %(limits)s") % {"limits": _codes(limits)}
        elif (one.mentor, one.mentee) in there:
            yield one, _("the pair is there twice")
        elif met[Side.MENTEE, one.mentee] > pool.mentees[rows[one.mentee]].open_places or (
            met[Side.MENTOR, one.mentor] > pool.mentors[columns[one.mentor]].open_places
        ):
            yield one, _("more partners than places")
        elif one.score != (score := int(look.score[at])):
            sentence = _("the score is %(found)s, not %(said)s")
            yield one, sentence % {"found": score, "said": one.score}
        there.add((one.mentor, one.mentee))


def _codes(limits: Sequence[Limit]) -> str:
    return ", ".join(map(str, limits))


def _proof(said: Run, pool: Pool) -> Proof:
    rows = {person.id: row for row, person in enumerate(pool.mentees)}
    columns = {person.id: column for column, person in enumerate(pool.mentors)}
    unknown = sorted(said.prices.keys() - columns.keys())
    if unknown:
        sentence = _("Not proved: there is a price for %(mentor)s, who is not in the list.")
        raise _NotProved(sentence % {"mentor": unknown[0]})
    _demand_room(said, pool)
    try:
        return verify(
            pool.mentee_crowd,
            pool.mentor_crowd,
            pool.vectors,
            pool.tables,
            rows=np.array([rows[one.mentee] for one in said.pairs], dtype=np.int64),
            columns=np.array([columns[one.mentor] for one in said.pairs], dtype=np.int64),
            prices=np.array([said.prices.get(one.id, 0) for one in pool.mentors], dtype=np.int64),
            bonus=said.bonus,
            shift=said.shift,
        )
    except BrokenRound as broken:
        sentence = _("Not proved: the round breaks a rule (%(rule)s).")
        raise _NotProved(sentence % {"rule": broken.problem}) from broken


def _demand_room(said: Run, pool: Pool) -> None:
    """Refuse numbers with which the bound could not be computed exactly."""
    fits = 0 <= said.shift < _ROOM.bit_length() and all(
        0 <= price < _ROOM for price in said.prices.values()
    )
    room = _ROOM >> said.shift if fits else 0
    fits = fits and abs(said.bonus) < room
    # What nobody can score is asked first; only a small round comes near, where looking is cheap.
    if fits and _above_all_scores(said, pool) + said.bonus >= room:
        fits = _highest_score(pool) + said.bonus < room
    if not fits:
        raise _NotProved(_("Not proved: the numbers of the certificate are out of range."))


def _above_all_scores(said: Run, pool: Pool) -> int:
    weights = asdict(said.weights)
    waiting = weights.pop("waiting")
    days = sum(
        max((abs((said.on - one.waiting_since).days) for one in people), default=0)
        for people in (pool.mentees, pool.mentors)
    )
    return int(FULL_POINTS * sum(weights.values()) + POINTS_PER_WAITING_DAY * waiting * days)


def _highest_score(pool: Pool) -> int:
    looks = (pool.look_from(Side.MENTEE, row) for row in range(len(pool.mentees)))
    return max((int(look.score.max(initial=0, where=look.feasible)) for look in looks), default=0)


def _demand_true_figures(said: Run, proof: Proof) -> None:
    figures = (
        ("matched", said.matched, proof.matched),
        ("total", said.total, proof.total),
        ("bound", said.bound, proof.score_bound),
        ("missing", said.missing, proof.missing),
        ("gap", said.gap, proof.gap),
    )
    for name, claimed, found in figures:
        if claimed != found:
            sentence = _("Not proved: the round says %(name)s = %(said)s, it is %(found)s.")
            raise _NotProved(sentence % {"name": name, "said": claimed, "found": found})


def _demand_best(proof: Proof) -> None:
    if proof.missing or proof.score_bound > proof.total:
        raise _NotProved(
            _(
                "Not proved best: up to %(missing)s more pairs are possible, and as many pairs "
                "may score up to %(points)s more."
            )
            % {"missing": proof.missing, "points": proof.score_bound - proof.total}
        )
