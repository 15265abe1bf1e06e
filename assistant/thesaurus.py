"""The thesaurus: groups of words of the field that stand for one another, used to widen the lexical search."""

import functools
import tomllib
from pathlib import Path

from ingest.lexical import terms


@functools.cache
def _groups() -> tuple[tuple[frozenset[str], ...], ...]:
    """Each group as the stems of its entries; an entry of two words is a set of two stems."""
    table = tomllib.loads((Path(__file__).parent / "thesaurus.toml").read_text(encoding="utf-8"))
    return tuple(tuple(frozenset(terms(entry)) for entry in group) for group in table["groups"])


def widen(asked: list[str]) -> list[str]:
    """Stems that stand for those of a question and are not among them, in a fixed order."""
    held = set(asked)
    found = {stem for group in _groups() if any(entry and entry <= held for entry in group) for entry in group for stem in entry}
    return sorted(found - held)
