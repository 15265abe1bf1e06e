"""Support: whether the passages that a statement cites hold it, how sure that is, and what of it they do not hold.

What is measured is in `assistant.signals`; how it is weighed in `weights/support.toml`, which `evals/training/support.py`
made. `docs/checker.md` says how far it agrees with people. Other judges stand behind the same protocol: `assistant.judges`.
"""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from assistant.grounding import Origin, Reading, Verdict
from assistant.score import WEIGHTS as SCORER
from assistant.score import AnswerScorer, CrossEncoderScorer
from assistant.signals import READ_WORDS, SIGNALS, Passages, aligned, lexical
from assistant.tokens import PackagedTokens, TokenModel
from ingest.errors import ModelFilesError
from ingest.lexical import terms

COEFFICIENTS = Path(__file__).parent / "weights" / "support.toml"
READER = SCORER.with_name("support-reader.onnx")
READER_TOKENS = 200
READER_SHA256 = "d5a6c3a038d7d2208e3b40cef425fbd4cb7c93c1ff6e1a0b0dc4ce163eef5831"
Kind = Literal["general", "policies"]
NEAR = 0.85
VETO, VERBATIM = 0.05, 0.99
"""How sure at most what a veto falls on, and how sure a whole quote: what remains is a quote that misleads."""


class Checker(Protocol):
    """Anything that judges whether passages hold a statement."""

    def check(self, statement: str, passages: Sequence[str], origin: Origin = Origin()) -> Verdict:
        """Supported or not, how sure, and why."""
        ...


@dataclass(frozen=True, slots=True)
class Coefficients:
    """A logistic regression over `SIGNALS`, and the probability from which a statement counts as supported.

    There are two of them. "general" was fitted on sets that people labelled: claims of all kinds beside pages and snippets, where
    words tell most. "policies" was fitted on statements about policies beside their short quotes, where a wrong statement has
    the same words and the reader tells most; there what is surely wrong, the kinds in `vetoes`, is not weighed.
    """

    intercept: float
    weights: tuple[float, ...]
    threshold: float
    vetoes: frozenset[str] = frozenset()
    near_vetoes: frozenset[str] = frozenset()

    @classmethod
    def load(cls, kind: Kind, path: Path = COEFFICIENTS) -> "Coefficients":
        """Raises ModelFilesError where the file is missing, damaged, or made for other signals."""
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))[kind]
            return cls(float(table["intercept"]), tuple(float(table["weights"][name]) for name in SIGNALS), float(table["threshold"]), frozenset(table["vetoes"]), frozenset(table["near_vetoes"]))
        except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as exc:
            raise ModelFilesError(f"{path} is missing or does not fit this version ({exc}). Check the project out again.") from exc

    @property
    def reads(self) -> bool:
        """Whether the reader counts."""
        return any(weight for weight, name in zip(self.weights, SIGNALS) if name.startswith("reader"))

    def forbids(self, faults: Mapping[str, str], coverage: float) -> bool:
        """Whether what the rules found is not weighed: `near_vetoes` count where a statement has nearly the words of its quotes."""
        return bool(self.vetoes.intersection(faults) or (coverage >= NEAR and self.near_vetoes.intersection(faults)))

    def probability(self, found: Mapping[str, float]) -> float:
        """How likely the statement is supported."""
        logit = self.intercept + sum(weight * found[name] for weight, name in zip(self.weights, SIGNALS))
        return 1 / (1 + math.exp(-logit))


@dataclass(frozen=True, slots=True)
class SupportChecker:
    """The packaged checker. With `verbatim` a statement that repeats whole quotes is supported by that alone."""

    coefficients: Coefficients
    tokens: TokenModel
    reader: AnswerScorer | None = None
    verbatim: bool = True

    def check(self, statement: str, passages: Sequence[str], origin: Origin = Origin()) -> Verdict:
        """Weigh the signals; the reasons are what the rules and the words say is missing."""
        reading = Reading.of(statement, passages, origin)
        if self.verbatim and reading.verbatim:
            return Verdict(True, "quoted word for word", VERBATIM)
        if not terms(reading.said) or not terms(reading.held):
            return Verdict(False, "nothing in it can be compared with a passage", 0.0, ("words",))
        found, faults, held = self.measured(statement, passages, origin)
        probability = self.coefficients.probability(found)
        if self.coefficients.forbids(faults, found["coverage"]):
            probability = min(probability, VETO)
        supported = probability >= self.coefficients.threshold
        return Verdict(supported, _reason(supported, faults, reading, held), round(probability, 4), () if supported else tuple(faults) or ("words",))

    def measured(self, statement: str, passages: Sequence[str], origin: Origin = Origin()) -> tuple[dict[str, float], dict[str, str], Passages]:
        """Every signal by name, the rules' faults in words by kind, and the passages, parted."""
        found, faults, held = lexical(statement, passages, origin)
        odds, part = self._read(statement, held, origin), held.words > READ_WORDS
        reading = {"reader": 0.0 if part else odds, "reader of a part": odds if part else 0.0, "partly read": float(part)}
        return {**found, **reading, "alignment": aligned(statement, held, self.tokens)}, faults, held

    def _read(self, statement: str, held: Passages, origin: Origin) -> float:
        """The reader's log-odds; 0 without one. It is told whose words they are and under what heading."""
        if self.reader is None:
            return 0.0
        evidence = f"{origin.around} {held.evidence(frozenset(terms(statement)), READ_WORDS)}".strip()
        probability = self.reader.score(statement, [evidence])[0]
        return math.log((probability + 1e-6) / (1 - probability + 1e-6))


def load_checker(kind: Kind = "policies", verbatim: bool = True) -> SupportChecker:
    """The packaged checker, weighed for one kind of statements. Raises ModelFilesError where a file of it is missing or is not the one that was measured."""
    coefficients = Coefficients.load(kind)
    reader = CrossEncoderScorer(READER, READER_SHA256, READER_TOKENS) if coefficients.reads else None
    return SupportChecker(coefficients, PackagedTokens(), reader, verbatim)


def _reason(supported: bool, faults: Mapping[str, str], reading: Reading, held: Passages) -> str:
    if supported:
        return "its words, numbers and names stand in the cited passage, or what they mean does"
    if faults:
        return "; ".join(faults.values())
    known = frozenset().union(*held.terms)
    missing = [word for word in dict.fromkeys(terms(reading.said)) if word not in known]
    return f"what it says is not in the cited passage: {', '.join(missing[:6])}" if missing else "its words stand in the cited passage, and put together they do not say it"
