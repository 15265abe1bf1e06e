"""The bundled digests: complete lists, honest labels, a manifest that matches, and no borrowed sentences."""

import re
from collections import Counter

import pytest
from conftest import ORIGINALS, ROOT

from ingest.contacts import load_contacts
from ingest.lexical import words
from ingest.manifest import Source, load_manifest
from ingest.read import read
from ingest.notes import passages_of
from ingest.split import Passage

CORPUS = ROOT / "corpus"
SOURCES = {source.id: source for source in load_manifest(CORPUS).sources}
BORROWED = 10

with_originals = pytest.mark.skipif(not ORIGINALS.is_dir(), reason=f"the original texts are not in {ORIGINALS}")
each_digest = pytest.mark.parametrize("source_id", list(SOURCES))


def text_of(source_id: str) -> str:
    """The digest as it is stored."""
    return read(SOURCES[source_id], CORPUS).text


def passages_in(source_id: str) -> tuple[Passage, ...]:
    """The passages of a digest."""
    return passages_of(read(SOURCES[source_id], CORPUS))


def items_under(source_id: str, words_of_lead: str) -> list[str]:
    """The list items whose lead-in holds these words."""
    return [p.text for p in passages_in(source_id) if p.kind == "item" and words_of_lead in p.lead_text]


@pytest.mark.parametrize(
    ("source_id", "lead", "count"),
    [
        ("asi-approach-2023", "the benefits of a partnership approach are", 8),
        ("asi-approach-2023", "organisational strategic priorities of Anti-Slavery International are", 5),
        ("asi-approach-2023", "can be described in four distinct categories", 4),
        ("asi-approach-2023", "Seven principles underpin", 7),
        ("asi-approach-2023", "offers partner organisations these contributions", 11),
        ("asi-approach-2023", "may offer Anti-Slavery International these contributions", 9),
        ("asi-approach-2023", "it will look for these criteria", 11),
        ("asi-approach-2023", "The values of Anti-Slavery International are", 3),
        ("pec-partnerships", "two of the strategic objectives", 2),
        ("pec-partnerships", "with these key values in mind", 6),
        ("pec-partnerships", "builds partnerships in these ways", 7),
        ("asi-strategy-2015", "The key objectives", 3),
        ("asi-strategy-2015", "Under objective 1", 3),
        ("asi-strategy-2015", "Under objective 2", 2),
        ("asi-strategy-2015", "Under objective 3", 4),
        ("collaborating-for-freedom-2017", "Home Office's Modern Slavery Strategy (2014)", 4),
        ("collaborating-for-freedom-2017", "The aim of the work", 3),
        ("partnerships-for-freedom", "report provides", 3),
        ("partnerships-for-freedom", "further recommends", 3),
    ],
)
def test_a_digest_keeps_every_item_of_a_list(source_id: str, lead: str, count: int) -> None:
    assert len(items_under(source_id, lead)) == count


def test_each_strategic_priority_is_explained_under_its_own_heading() -> None:
    named = {item.rstrip(".") for item in items_under("asi-approach-2023", "strategic priorities of Anti-Slavery International are")}
    assert named <= {p.heading for p in passages_in("asi-approach-2023")}


@each_digest
def test_a_digest_says_at_its_top_that_it_is_one(source_id: str) -> None:
    label = next(line for line in text_of(source_id).splitlines() if line and not line.startswith("#"))
    assert re.match(r"> This is a digest in other words of .+, not the adopted text\. Original: ", label)


@each_digest
def test_a_digest_says_where_its_original_is(source_id: str) -> None:
    label = re.search(r"Original: (.+)", text_of(source_id))
    address = SOURCES[source_id].url
    assert label and label[1] == (f"<{address}>" if address else "its address is not given in the text.")


@each_digest
def test_a_digest_is_marked_as_one_in_the_manifest(source_id: str) -> None:
    assert SOURCES[source_id].digest


@each_digest
def test_a_digest_may_be_seen_by_partners(source_id: str) -> None:
    assert SOURCES[source_id].visible_to("partner")


@each_digest
def test_the_manifest_says_who_published_and_what_it_is(source_id: str) -> None:
    source = SOURCES[source_id]
    assert all((source.title, source.publisher, source.kind, source.language == "en"))


def test_every_file_of_the_corpus_has_a_row() -> None:
    files = {path.relative_to(CORPUS).as_posix() for path in CORPUS.rglob("*") if path.is_file() and path.suffix != ".toml"}
    assert files == {source.path for source in SOURCES.values()}


def test_the_corpus_holds_the_five_sources() -> None:
    assert set(SOURCES) == {
        "asi-approach-2023",
        "pec-partnerships",
        "asi-strategy-2015",
        "collaborating-for-freedom-2017",
        "partnerships-for-freedom",
    }


def test_the_assistant_is_that_of_anti_slavery_international() -> None:
    assert load_manifest(CORPUS).home == "Anti-Slavery International"


def test_only_the_strategy_of_2015_has_ended() -> None:
    assert {s.id: s.in_force_until for s in SOURCES.values() if s.ended} == {"asi-strategy-2015": "2020"}


def test_no_country_has_two_emergency_rows() -> None:
    rows = Counter(c.country for c in load_contacts(CORPUS) if c.role == "emergency")
    assert [country for country, count in rows.items() if count > 1] == []


@with_originals
@each_digest
def test_the_manifest_says_of_a_source_what_its_original_says(source_id: str) -> None:
    from dataclasses import replace

    original = {source.id: source for source in load_manifest(ORIGINALS).sources}[source_id]
    assert replace(SOURCES[source_id], digest=False, path=original.path) == original


@with_originals
@each_digest
def test_a_digest_borrows_no_sentence(source_id: str) -> None:
    theirs = words((ORIGINALS / f"{source_id}.txt").read_text(encoding="utf-8"))
    original = {tuple(theirs[i : i + BORROWED]) for i in range(len(theirs) - BORROWED + 1)}
    assert [run for p in passages_in(source_id) for run in runs(p.text, SOURCES[source_id]) if run in original] == []


@with_originals
@each_digest
def test_a_digest_keeps_every_number_of_its_original(source_id: str) -> None:
    kept = set(re.findall(r"\d+(?:\.\d+)?", text_of(source_id)))
    assert [n for n in re.findall(r"\d+(?:\.\d+)?", body_of_original(source_id)) if n not in kept] == []


def runs(text: str, source: Source) -> list[tuple[str, ...]]:
    """Every run of `BORROWED` words of a passage that does not cross an address, a title or a publisher's name."""
    flat = " ".join(words(re.sub(r"https?://\S+", " ", text)))
    for name in (source.title, source.publisher):
        flat = flat.replace(" ".join(words(name or "")), "|")
    parts = [part.split() for part in flat.split("|")]
    return [tuple(part[i : i + BORROWED]) for part in parts for i in range(len(part) - BORROWED + 1)]


def body_of_original(source_id: str) -> str:
    """An original without the website's own listing behind it, which is no part of the document."""
    text = (ORIGINALS / f"{source_id}.txt").read_text(encoding="utf-8")
    return text.split("Country Profile: Romania")[0]
