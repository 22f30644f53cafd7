"""What a benchmark measures with: acts timed in turns, and a report of figures beside their limits."""

from __future__ import annotations

import gc
import json
import math
import statistics
import time
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

LEAST_RUNS = 5


class PreconditionMissing(Exception):
    """Something that a benchmark needs is not there; the benchmark fails."""


def require(present: object, what: str) -> None:
    """Fail the benchmark where something it needs is missing."""
    if not present:
        raise PreconditionMissing(what)


@dataclass(frozen=True, slots=True)
class Taken:
    """What the runs of one act took, in seconds, in the order they ran."""

    seconds: tuple[float, ...]

    def __post_init__(self) -> None:
        require(len(self.seconds) >= LEAST_RUNS, f"{LEAST_RUNS} runs of an act, not {len(self.seconds)}")

    @property
    def median(self) -> float:
        """Return the median in seconds."""
        return statistics.median(self.seconds)

    @property
    def total(self) -> float:
        """Return the sum in seconds."""
        return math.fsum(self.seconds)

    def quantile(self, share: float) -> float:
        """Return the smallest time that this share of the runs did not exceed, in seconds."""
        return sorted(self.seconds)[max(0, math.ceil(share * len(self.seconds)) - 1)]


Act = Callable[[int], object]


def in_turns(acts: Mapping[str, Act], runs: int, *, warm: int = 1) -> dict[str, Taken]:
    """Time acts in turns, the order reversed each time, so that what slows the machine slows all alike.

    Each act is given the number of its run; ``warm`` runs go first and are not counted (their numbers are negative).
    """
    require(runs >= LEAST_RUNS, f"{LEAST_RUNS} runs, not {runs}")
    found: dict[str, list[float]] = {name: [] for name in acts}
    for n in range(-warm, runs):
        order = list(acts.items()) if n % 2 else list(reversed(acts.items()))
        for name, act in order:
            taken = seconds_of(act, n)
            if n >= 0:
                found[name].append(taken)
    return {name: Taken(tuple(seconds)) for name, seconds in found.items()}


def seconds_of(act: Act, n: int = 0) -> float:
    """Run an act once and return what it took, in seconds; rubbish of earlier acts is not counted to it."""
    gc.collect(0)
    started = time.perf_counter()
    act(n)
    return time.perf_counter() - started


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: what was measured, the bare cost beside it, the limit, and whether it holds (None: no limit)."""

    name: str
    measured: str
    bare: str
    ratio: float | None
    limit: str
    holds: bool | None


@dataclass
class Report:
    """The figures of one benchmark."""

    name: str
    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Tell whether something was measured against a limit and every limit holds."""
        judged = [line.holds for line in self.lines if line.holds is not None]
        return bool(judged) and all(judged)

    def slower(self, name: str, product: Taken, bare: Taken, *, at_most: float | None = None) -> float:
        """Report how many times the bare median the product's median is; return it."""
        return self._ratio(
            name, _ms(product.median), _ms(bare.median), product.median / bare.median, at_most, None
        )

    def as_fast(self, name: str, product: Taken, bare: Taken, *, at_least: float | None = None) -> float:
        """Report the product's speed as a share of the bare speed (1 = as fast as bare); return it."""
        return self._ratio(
            name, _ms(product.median), _ms(bare.median), bare.median / product.median, None, at_least
        )

    def total_slower(self, name: str, product: Taken, bare: Taken, *, at_most: float | None = None) -> float:
        """Report how many times the bare total the product's total is; return it."""
        return self._ratio(
            name, _ms(product.total), _ms(bare.total), product.total / bare.total, at_most, None
        )

    def times(
        self,
        name: str,
        taken: Taken,
        *,
        median_ms: float | None = None,
        p95_ms: float | None = None,
        p99_ms: float | None = None,
        worst_ms: float | None = None,
    ) -> None:
        """Report median, p95, p99 and the longest time of an act against limits in milliseconds."""
        for label, seconds, limit in (
            ("median", taken.median, median_ms),
            ("p95", taken.quantile(0.95), p95_ms),
            ("p99", taken.quantile(0.99), p99_ms),
            ("worst", max(taken.seconds), worst_ms),
        ):
            if limit is not None or label in {"median", "p95"}:
                self.figure(f"{name}, {label}", seconds * 1000, "ms", at_most=limit)

    def figure(
        self,
        name: str,
        value: float,
        unit: str,
        *,
        at_most: float | None = None,
        at_least: float | None = None,
    ) -> None:
        """Report one figure of any unit."""
        self._add(Line(name, _with_unit(value, unit), "", None, *_judge(value, at_most, at_least, unit)))

    def share(
        self,
        name: str,
        product: float,
        bare: float,
        unit: str,
        *,
        at_most: float | None = None,
        at_least: float | None = None,
    ) -> float:
        """Report a figure as a multiple of another of the same unit; return the multiple."""
        require(bare > 0, f"{name}: something to compare with")
        return self._ratio(
            name, _with_unit(product, unit), _with_unit(bare, unit), product / bare, at_most, at_least
        )

    def note(self, text: str) -> None:
        """Say something beside the figures."""
        self.notes.append(text)
        print(f"  {text}", flush=True)

    def _ratio(
        self,
        name: str,
        measured: str,
        bare: str,
        ratio: float,
        at_most: float | None,
        at_least: float | None,
    ) -> float:
        self._add(Line(name, measured, bare, ratio, *_judge(ratio, at_most, at_least, "×")))
        return ratio

    def _add(self, line: Line) -> None:
        self.lines.append(line)
        print(_line_text(line), flush=True)

    def table(self) -> str:
        """Return all figures as a table."""
        head = f"{_wide('', 56)}{'measured':>20}{'bare':>20}{'ratio':>9}{'limit':>17}"
        return "\n".join([self.name, head, *map(_line_text, self.lines), *(f"  {n}" for n in self.notes)])

    def write(self, folder: Path) -> Path:
        """Write the figures as JSON to folder/NAME.json; return the file."""
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{self.name}.json"
        content = {
            "name": self.name,
            "holds": self.holds,
            "lines": [asdict(line) for line in self.lines],
            "notes": self.notes,
        }
        file.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
        return file


def _judge(value: float, at_most: float | None, at_least: float | None, unit: str) -> tuple[str, bool | None]:
    """Return the limit as text and whether a value keeps it."""
    if at_most is not None:
        return f"≤ {_with_unit(at_most, unit)}", value <= at_most
    if at_least is not None:
        return f"≥ {_with_unit(at_least, unit)}", value >= at_least
    return "", None


def _ms(seconds: float) -> str:
    return _with_unit(seconds * 1000, "ms")


def _with_unit(value: float, unit: str) -> str:
    digits = 0 if value == int(value) or abs(value) >= 1000 else 1 if abs(value) >= 100 else 2
    return f"{value:,.{digits}f} {unit}"


def _line_text(line: Line) -> str:
    ratio = "" if line.ratio is None else f"{line.ratio:.2f} ×"
    verdict = {None: "", True: "  ok", False: "  MISSED"}[line.holds]
    return f"{_wide(line.name, 56)}{line.measured:>20}{line.bare:>20}{ratio:>9}{line.limit:>17}{verdict}"


def _wide(text: str, columns: int) -> str:
    """Fill text up to a number of terminal columns; Chinese characters take two."""
    taken = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return text + " " * max(1, columns - taken)
