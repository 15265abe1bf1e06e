"""A corpus that changes between runs, and what an answer from it has to look like.

A version is a number for each document by its name; the document says its number in a sentence, an item and a cell.
"""

import hashlib
import random
import re
from dataclasses import dataclass
from pathlib import Path

from ingest.manifest import Audience

Version = dict[str, int]
NAMES = (
    "Avocet Bittern Chough Dunlin Egret Fulmar Gannet Heron Ibis Jackdaw Kestrel Lapwing Mallard Nightjar Osprey Plover Quail Redstart "
    "Siskin Tern Umbrette Vulture Sparrow Grebe Yellowhammer Zebrafinch Albatross Bullfinch Cormorant Dotterel Eider Flamingo Goshawk Hoopoe "
    "Jacana Kingfisher Linnet Magpie Nuthatch Oriole Pelican Razorbill Sandpiper Toucan Warbler Wagtail Buzzard Curlew Pintail Starling"
).split()
DOCUMENTS, FIRST_NUMBER = 36, 10000
NUMBER = re.compile(r"(?<!\d)\d{5}(?!\d)")
DOCUMENT = """# {name} fund

The ceiling of the {name} fund is {number} pounds. A partner may apply to the {name} fund once in a year.

## Papers

For the {name} fund an applicant sends:

- form {number};
- the accounts of the last year.

| Paper | Number |
|---|---|
| Decision on the {name} fund | {number} |
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one question brought: the numbers found, each with its document, and all documents that the index named, if it did."""

    asked: str
    audience: Audience
    numbers: frozenset[tuple[str, int]]
    documents: frozenset[str] | None = None


def question(name: str) -> str:
    """What is asked about a document."""
    return f"What ceiling does the {name} fund have for partners?"


def first_version(fraction: float) -> Version:
    """The corpus that the trial begins with: a fraction of 36 documents, at least four."""
    return {name: FIRST_NUMBER + i for i, name in enumerate(NAMES[: max(4, round(DOCUMENTS * fraction))])}


def changed(version: Version, fresh: int, chance: random.Random) -> Version:
    """Another version: a few documents removed, a few replaced, as many added; new numbers from `fresh` upwards."""
    few = max(1, len(version) // 8)
    touched = chance.sample(sorted(version), 3 * few)
    removed, replaced = touched[:few], touched[few:]
    added = chance.sample(sorted(set(NAMES) - set(version)), few)
    kept = {name: number for name, number in version.items() if name not in removed}
    return {**kept, **{name: fresh + i for i, name in enumerate([*replaced, *added])}}


def document(name: str, number: int) -> str:
    """The text of a document."""
    return DOCUMENT.format(name=name, number=number)


def hash_of(name: str, number: int) -> str:
    """The hash under which the index stores this text."""
    return hashlib.sha256(document(name, number).encode()).hexdigest()


def visible(version: Version, audience: Audience) -> Version:
    """What this audience may know of: partners see every second document."""
    return {name: n for name, n in version.items() if audience == "staff" or NAMES.index(name) % 2 == 0}


def write_version(corpus: Path, version: Version) -> None:
    """Make the corpus folder hold exactly this version."""
    shared = visible(version, "partner")
    row = "[[source]]\nid = '{0}'\npath = '{0}.md'\naudience = '{1}'\n"
    rows = "".join(row.format(name, "everyone" if name in shared else "staff") for name in sorted(version))
    (corpus / "sources.toml").write_text(f"home = 'Example'\n{rows}", encoding="utf-8")
    for path in corpus.glob("*.md"):
        if path.stem not in version:
            path.unlink()
    for name, number in version.items():
        (corpus / f"{name}.md").write_text(document(name, number), encoding="utf-8")


def numbers_in(found: list[tuple[str, str]]) -> frozenset[tuple[str, int]]:
    """The numbers in pairs of document and text."""
    return frozenset((name, int(number)) for name, text in found for number in NUMBER.findall(text))


def belongs(seen: Seen, version: Version) -> bool:
    """Whether all of the answer is of this version, and the number that was asked for is in it."""
    known = visible(version, seen.audience)
    whole = seen.documents is None or seen.documents == known.keys()
    return whole and seen.numbers <= set(known.items()) and (seen.asked not in known or (seen.asked, known[seen.asked]) in seen.numbers)


def wrong(seen: Seen, allowed: list[Version]) -> str | None:
    """Why the answer is of none of the versions that may answer now, in one sentence; None when it is of one."""
    if any(belongs(seen, version) for version in allowed):
        return None
    wanted = [visible(version, seen.audience).get(seen.asked) for version in allowed]
    told = sorted(number for source, number in seen.numbers if source == seen.asked)
    strange = sorted(seen.numbers - {pair for version in allowed for pair in visible(version, seen.audience).items()})
    named = "" if seen.documents is None else f", {len(seen.documents)} documents named"
    return f"{seen.asked} for {seen.audience}: numbers {told}, wanted one of {wanted}; of no version: {strange}{named}."
