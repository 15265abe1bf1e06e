"""The bundled digests: complete lists, honest labels, a manifest that matches, translations that pair, no borrowed sentences."""

import re
from collections import Counter
from dataclasses import replace

import pytest
from conftest import ORIGINALS, ROOT

from ingest.contacts import load_contacts
from ingest.lexical import words
from ingest.manifest import Source, load_manifest
from ingest.notes import passages_of
from ingest.read import read
from ingest.section import headings_of
from ingest.sentences import sentences
from ingest.split import Passage

CORPUS = ROOT / "corpus"
SOURCES = {source.id: source for source in load_manifest(CORPUS).sources}
TRANSLATIONS = [source.id for source in SOURCES.values() if source.translation_of]
BORROWED = 10

LABELS = {
    "en": r"> This is a digest in other words of .+, not the adopted text\. Original: (.+)",
    "fr": r"> Ceci est un résumé en d'autres termes de .+, et non le texte adopté\. Original : (.+)",
}
NO_ADDRESS = {"en": "its address is not given in the text.", "fr": "son adresse n'est pas indiquée dans le texte."}
UNCHECKED = {"fr": "> Ce résumé a été traduit de l'anglais, et le français n'a pas encore été vérifié par une personne."}

# What a passage names, months and numbers in words among it, by language: it stands as often in a passage as in its translation.
NAMES = {
    "fr": {
        "Anti-Slavery International": "Anti-Slavery International",
        "Partnership Approach": "Approche partenariale",
        "System Change": "Changement systémique",
        "Voice and participation": "Voix et participation",
        "Movement Building": "Construction du mouvement",
        "Framing the issue": "Cadrage de la question",
        "Legal Frameworks": "Cadres juridiques",
        "Strategic Partnerships": "Partenariats stratégiques",
        "Partnership Principles": "principes de partenariat",
        "Dynamic": "Dynamique",
        "Inclusive": "Inclusive",
        "Transformative": "Transformatrice",
        "Global South": "Sud global",
        "trans-Atlantic": "transatlantique",
        "UK": "Royaume-Uni",
        "EU": "UE",
        "INGO": "ONGI",
        "MEL": "MEL",
        "October": "octobre",
        "March": "mars",
        "first": "première",
        "both partners": "les deux partenaires",
        "four": "quatre",
        "seven": "sept",
    }
}

with_originals = pytest.mark.skipif(not ORIGINALS.is_dir(), reason=f"the original texts are not in {ORIGINALS}")
each_digest = pytest.mark.parametrize("source_id", list(SOURCES))
each_translation = pytest.mark.parametrize("source_id", TRANSLATIONS)


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
    assert re.fullmatch(LABELS[SOURCES[source_id].language], label)


@each_digest
def test_a_digest_says_where_its_original_is(source_id: str) -> None:
    source = SOURCES[source_id]
    label = re.search(LABELS[source.language], text_of(source_id))
    assert label and label[1] == (f"<{source.url}>" if source.url else NO_ADDRESS[source.language])


@each_digest
def test_a_digest_is_marked_as_one_in_the_manifest(source_id: str) -> None:
    assert SOURCES[source_id].digest


@each_digest
def test_a_digest_may_be_seen_by_partners(source_id: str) -> None:
    assert SOURCES[source_id].visible_to("partner")


@each_digest
def test_the_manifest_says_who_published_and_what_it_is(source_id: str) -> None:
    source = SOURCES[source_id]
    assert all((source.title, source.publisher, source.kind, source.translation_of or source.language == "en"))


def test_every_file_of_the_corpus_has_a_row() -> None:
    files = {path.relative_to(CORPUS).as_posix() for path in CORPUS.rglob("*") if path.is_file() and path.suffix != ".toml"}
    assert files == {source.path for source in SOURCES.values()}


def test_the_corpus_holds_the_five_sources_and_a_translation() -> None:
    assert set(SOURCES) == {
        "asi-approach-2023",
        "asi-approach-2023-fr",
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


# Translations


@each_translation
def test_a_translation_says_at_its_top_that_no_person_has_checked_it(source_id: str) -> None:
    assert UNCHECKED[SOURCES[source_id].language] in text_of(source_id).split("\n## ")[0].splitlines()


@each_translation
def test_the_manifest_says_of_a_translation_what_it_says_of_the_translated(source_id: str) -> None:
    source = SOURCES[source_id]
    translated = SOURCES[source.translation_of or ""]
    own = {"id": source.id, "path": source.path, "title": source.title, "language": source.language, "translation_of": translated.id}
    assert source == replace(translated, **own) and source.language != translated.language


@each_translation
def test_a_translation_has_the_headings_of_the_translated(source_id: str) -> None:
    ours, theirs = (re.findall(r"^(#+) (\d*)", text_of(each), re.MULTILINE) for each in pair(source_id))
    assert ours == theirs


@each_translation
def test_a_translation_has_as_many_sentences_and_items_under_each_heading(source_id: str) -> None:
    ours, theirs = (shape(each) for each in pair(source_id))
    assert ours == theirs


@each_translation
def test_a_translation_names_and_counts_what_the_translated_does(source_id: str) -> None:
    names = NAMES[SOURCES[source_id].language]
    ours, theirs = (texts_in(each) for each in pair(source_id))
    assert [(a, b) for a, b in zip(ours, theirs, strict=True) if named(a, list(names.values())) != named(b, list(names))] == []


@each_translation
def test_every_name_in_a_translation_is_one_that_is_compared(source_id: str) -> None:
    names = NAMES[SOURCES[source_id].language]
    ours, theirs = (texts_in(each) for each in pair(source_id))
    unknown = [capitals(text, list(names.values())) for text in ours] + [capitals(text, list(names)) for text in theirs]
    assert [found for found in unknown if found] == []


def pair(source_id: str) -> tuple[str, str]:
    """The ids of a translation and of what it translates."""
    return source_id, SOURCES[source_id].translation_of or ""


def shape(source_id: str) -> list[tuple[int, str, int, bool, str]]:
    """Of each passage in reading order: its section's number, its kind, its sentences, whether it is introduced, its list mark."""
    found = passages_in(source_id)
    starts = list(dict.fromkeys(p.section.start for p in found))
    return [(starts.index(p.section.start), p.kind, sentences_in(p), bool(p.lead), mark(p)) for p in found]


def sentences_in(passage: Passage) -> int:
    """How many sentences the splitter finds in a passage; an item may hold more than one."""
    document = passage.section.document
    return len(list(sentences(document.text, passage.span, document.source.language)))


def mark(passage: Passage) -> str:
    """What stands before a passage in its line: an item's bullet and number."""
    return passage.section.document.text[: passage.span.start].rpartition("\n")[2]


def texts_in(source_id: str) -> list[str]:
    """The headings of a digest and then its passages."""
    return [*headings_of(read(SOURCES[source_id], CORPUS)), *(p.text for p in passages_in(source_id))]


def named(text: str, names: list[str]) -> tuple[list[int], list[str]]:
    """How often each name stands in a text, and the numbers and addresses in it."""
    counts = [len(re.findall(rf"(?<!\w){name}(?!\w)", text, 0 if name[0].isupper() else re.IGNORECASE)) for name in names]
    return counts, re.findall(r"\d+|https?://[^>\s]+", text)


def capitals(text: str, names: list[str]) -> list[str]:
    """Words with a capital that neither begin a sentence or a quoted word nor belong to a name."""
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){name}(?!\w)", "…", text)
    return re.findall(r"(?!^)(?<![.:?«] )\b[A-ZÀ-Þ][\w-]*", text)


@with_originals
@pytest.mark.parametrize("source_id", [source_id for source_id in SOURCES if source_id not in TRANSLATIONS])
def test_the_manifest_says_of_a_source_what_its_original_says(source_id: str) -> None:
    original = {source.id: source for source in load_manifest(ORIGINALS).sources}[source_id]
    assert replace(SOURCES[source_id], digest=False, path=original.path) == original


@with_originals
@each_digest
def test_a_digest_borrows_no_sentence(source_id: str) -> None:
    theirs = words(original_of(source_id))
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
    return original_of(source_id).split("Country Profile: Romania")[0]


def original_of(source_id: str) -> str:
    """The text that a digest or its translation tells in other words."""
    return (ORIGINALS / f"{SOURCES[source_id].translation_of or source_id}.txt").read_text(encoding="utf-8")
