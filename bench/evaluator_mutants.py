"""How many small faults in the product's evaluator the random questions notice.

    python -m bench.evaluator_mutants [mutants] [questions] [seed]

makes mutants of the modules that decide, lets each answer the questions in a process of its own
until its first difference from the literal formulation, and says what became of it. It is no
test: it takes minutes.

Of those that lived, `bench/evaluator_equivalents.py` says which cannot be told from the original,
and why. Some change only what no answer to a question can show: names that are only printed, what
an implicit deny is said to lack, of which values and spellings a policy is warned, the words of
errors, and the groups, organizations and unique ids that a matrix knows and no request comes from.
They are counted apart, and only where no question noticed them. What is left was missed.
`--all [questions]` runs every mutant there is. `--only MODULE:PLACE:CHOICE ...` runs single ones,
and those that lived meet the evaluator's own tests, too.
"""

from __future__ import annotations

import importlib.abc
import importlib.util
import multiprocessing
import os
import random
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.evaluator_changes import (
    MODULES,
    PACKAGE,
    ROOT,
    Mutant,
    Point,
    is_out_of_sight,
    mutant_at,
    points_of,
)
from bench.evaluator_equivalents import EQUIVALENT
from tests.reference.answered import World, worlds

# Another seed than the test's, so that these questions are not those that it was mended with.
FIRST_SEED = 1_000
# What is not noticed at first meets as many questions as `scripts/test` asks.
TIMES_MORE = 4
OWN_TESTS = "tests/model/iam/evaluator"
# Of a processor, so that a busy machine notices no mutant.
LONGEST_SECONDS = 60
MOST_MEMORY = 6 * 2**30
OUTCOMES = ("lives", "differs", "breaks")
NOTICED = ("differs", "breaks", "hangs", "refuted")


class Substitute(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Finds the mutant in the place of its module."""

    def __init__(self, module: str, source: str) -> None:
        self.name, self.source = f"{PACKAGE}.{module}", source

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - the protocol's signature
        target: object = None,  # noqa: ARG002 - likewise
    ) -> importlib.machinery.ModuleSpec | None:
        """The mutant for the mutated module, nothing for any other."""
        if fullname != self.name:
            return None
        return importlib.util.spec_from_loader(fullname, self)

    def get_source(self, fullname: str) -> str:  # noqa: ARG002 - the protocol's signature
        """The mutant's text."""
        return self.source

    def is_package(self, fullname: str) -> bool:  # noqa: ARG002 - likewise
        """No mutant is one."""
        return False


def answer_all(mutant: Mutant, answered: Sequence[World], further: int) -> None:
    """In a process of its own: exit with what became of the mutant."""
    longest = LONGEST_SECONDS * (1 + TIMES_MORE if further else 1)
    resource.setrlimit(resource.RLIMIT_CPU, (longest, longest))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    sys.meta_path.insert(0, Substitute(mutant.point.module, mutant.source))
    try:
        # The product is loaded here, after the mutant was put in its place.
        from tests.reference.comparison import (  # noqa: PLC0415
            first_difference,
            first_name_that_differs,
            first_operator_that_differs,
            first_pattern_that_differs,
        )

        of_texts = {
            "values.wildcards": first_pattern_that_differs,
            "requests.principals": first_name_that_differs,
            "statements.operators": first_operator_that_differs,
        }.get(mutant.point.module)
        differs = of_texts is not None and of_texts() is not None
        differs = differs or first_difference(answered)[0] is not None
        differs = differs or first_difference(worlds(FIRST_SEED + 1, further))[0] is not None
    except Exception:  # noqa: BLE001 - whatever a mutant raises, the questions have noticed it
        os._exit(OUTCOMES.index("breaks"))
    os._exit(OUTCOMES.index("differs" if differs else "lives"))


def outcome_of(mutant: Mutant, answered: Sequence[World], further: int = 0) -> str:
    """What became of a mutant.

    "differs", "breaks" or "hangs" where the questions noticed it, "refuted" where it was held for
    equivalent; else "equivalent", "unseen" or "missed".
    """
    context = multiprocessing.get_context("fork")
    process = context.Process(target=answer_all, args=(mutant, answered, further))
    process.start()
    process.join()
    code = process.exitcode
    outcome = OUTCOMES[code] if code is not None and 0 <= code < len(OUTCOMES) else "hangs"
    if reason_for(mutant):
        # Refuted: another change of the same words in the same function, or the reason is wrong.
        return "equivalent" if outcome == "lives" else "refuted"
    if outcome in NOTICED:
        return outcome
    if is_out_of_sight(mutant.point):
        return "unseen"
    return "missed"


def bare(signature: str) -> str:
    """A signature without parentheses: versions of Python print them or not."""
    return signature.replace("(", "").replace(")", "")


REASONS = {bare(signature): reason for signature, reason in EQUIVALENT.items()}


def reason_for(mutant: Mutant) -> str | None:
    """Why no decision can show a mutant; None where it should."""
    return REASONS.get(bare(mutant.signature))


def fails_own_tests(mutant: Mutant) -> bool:
    """Whether the evaluator's own tests, without the questions, notice a mutant."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "mutant.py")
        path.write_text(mutant.source, encoding="utf-8")
        command = ("-m", "bench.evaluator_mutants", "--tests", mutant.point.module, str(path))
        tested = subprocess.run(
            [sys.executable, *command], cwd=ROOT, capture_output=True, check=False
        )
    return tested.returncode != 0


def run_own_tests(module: str, path: str) -> int:
    """In the mutant's process: 1 where a test fails."""
    sys.meta_path.insert(0, Substitute(module, Path(path).read_text(encoding="utf-8")))
    import pytest  # noqa: PLC0415 - the mutant first

    return int(pytest.main(["-q", "-x", "-p", "no:cacheprovider", OWN_TESTS]) != 0)


def everyone() -> list[Mutant]:
    """All mutants of all modules."""
    points = [point for module in MODULES for point in points_of(module)]
    return [mutant for mutant in map(mutant_at, points) if mutant is not None]


def sample_of(size: int, seed: int) -> list[Mutant]:
    """So many mutants of all modules; the same for a seed."""
    every = [point for module in MODULES for point in points_of(module)]
    random.Random(seed).shuffle(every)
    print(f"{len(every)} places to change in {len(MODULES)} modules, {size} drawn, seed {seed}")
    mutants: list[Mutant] = []
    for point in every:
        mutant = mutant_at(point)
        if mutant is not None:
            mutants.append(mutant)
        if len(mutants) == size:
            break
    return mutants


def named(names: Sequence[str]) -> list[Mutant]:
    """The mutants of these names."""
    points = [
        Point(module, int(place), int(choice))
        for module, place, choice in (name.split(":") for name in names)
    ]
    return [mutant for mutant in map(mutant_at, points) if mutant is not None]


def summary(outcomes: Counter[str]) -> str:
    """How many of those that can be told apart the questions noticed."""
    noticed = sum(outcomes[name] for name in NOTICED)
    missed = outcomes["missed"]
    told_apart = noticed + missed
    unseen = outcomes["unseen"]
    return (
        f"{outcomes.total()} mutants: {noticed} noticed by the questions, "
        f"{outcomes['equivalent']} equivalent, {unseen} that no answer can show, {missed} missed.\n"
        f"{noticed / told_apart:.1%} noticed; {noticed / (told_apart + unseen):.1%} if those that "
        "no answer can show count as missed."
    )


def told(mutant: Mutant, answered: Sequence[World], further: int = 0) -> str:
    """What became of a mutant, printed, too."""
    begun = time.monotonic()
    outcome = outcome_of(mutant, answered, further)
    print(
        f"{outcome:10}{time.monotonic() - begun:6.1f} s  {mutant.point.name} line {mutant.line}, "
        f"{mutant.signature}"
    )
    if outcome in ("equivalent", "refuted"):
        print(f"{'':21}{reason_for(mutant)}")
    sys.stdout.flush()
    return outcome


def main(arguments: Sequence[str]) -> None:
    """Run a sample of all mutants and print what became of them."""
    if arguments and arguments[0] == "--tests":
        sys.exit(run_own_tests(arguments[1], arguments[2]))
    size, count, seed = 150, 20_000, 1
    singly = bool(arguments) and arguments[0] == "--only"
    if singly:
        sample = named(arguments[1:])
    elif arguments and arguments[0] == "--all":
        sample, count = everyone(), int(arguments[1]) if len(arguments) > 1 else count
    else:
        numbers = [int(argument) for argument in arguments]
        size, count, seed = (*numbers, *(size, count, seed)[len(numbers) :])
        sample = sample_of(size, seed)
    os.nice(10)
    answered = list(worlds(FIRST_SEED, count))
    outcomes: Counter[str] = Counter()
    missed: list[Mutant] = []
    for mutant in sample:
        outcome = told(mutant, answered)
        if outcome == "missed":
            missed.append(mutant)
        else:
            outcomes[outcome] += 1
    print(f"{len(missed)} missed, which meet {TIMES_MORE} times as many questions more:")
    for mutant in missed:
        outcomes[told(mutant, answered, TIMES_MORE * count)] += 1
    if singly:
        for mutant in missed:
            by_tests = "noticed" if fails_own_tests(mutant) else "not noticed"
            print(f"{mutant.point.name} {by_tests} by the evaluator's own tests")
    if not singly:
        print(summary(outcomes))


if __name__ == "__main__":
    main(sys.argv[1:])
