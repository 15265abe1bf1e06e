"""`guidance sources`: documents are listed, removed, exchanged and checked; the manifest keeps its comments, the index nothing it should not."""

import datetime
import json
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import write_files

from assistant.cli import group
from ingest.catalogue import Catalogue, current_generation
from ingest.edit import Exchange, brought_in, exchange, ignore
from ingest.embed import DEFAULT_MODEL
from ingest.errors import ManifestError, SourceUnknown
from ingest.fetch.record import Fetched, save_fetched
from ingest.health import Held, check
from ingest.index import BOTH, open_chroma
from ingest.lexical import Lexical, terms
from ingest.pipeline import ingest

Folders = tuple[Path, Path]
NewFolders = Callable[[], Folders]

VISITS = "# Visits\n\nEvery partner may ask for one visit in each year. The visitor meets the kangaroo.\n"
ADOPTED = "# Visits\n\n## Who pays\n\nEvery partner may ask for three visits in each year. The visitor meets the platypus.\n"
SALARIES = "# Salaries\n\nThe wombat bonus of a director is paid in each month of March by the finance team.\n"
RAISED = "# Salaries\n\nThe wombat bonus of a director is paid in each month of June by the board.\n"
LOOSE = "# Loose\n\nThe echidna of the office is fed on Mondays.\n"
MANIFEST = """\
# Kept by the policy team: ask Amina before a change.
home = "Example House"   # our name

[[source]]  # a summary, until the adopted text is here
id = "visits"
title = 'Our visits'   # as printed
path = "policies/visits.md"
published = "2021"
digest = true
audience = "everyone"

# Staff only.
[[source]]
id = "salaries"
path = "policies/salaries.md"    # the finance team's
published = "2020-05"
version = "2.1"
review_by = "2999"
# the last line
"""
CASES = """\
- {id: visits-1, kind: lookup, audience: partner, turns: ["How many visits may every partner ask for in each year?"], expected_status: [answered], expected_sources: [visits], nuggets: []}
- {id: salaries-1, kind: lookup, audience: staff, turns: ["When is the wombat bonus of a director paid?"], expected_status: [answered], expected_sources: [salaries], nuggets: []}
- {id: elsewhere-1, kind: lookup, audience: staff, turns: ["What is the vision?"], expected_status: [answered], expected_sources: [another-corpus], nuggets: []}
"""
TODAY = datetime.date(2026, 6, 1)
FILES = {"policies/visits.md": VISITS, "policies/salaries.md": SALARIES, "loose.md": LOOSE, "sources.toml": MANIFEST}


@pytest.fixture(scope="module")
def house(new_corpus: Callable[..., Path], new_data: Callable[[], Path]) -> Folders:
    """A corpus of three documents and its index. Only to be read."""
    corpus, data = new_corpus(FILES), new_data()
    ingest(corpus, data, DEFAULT_MODEL)
    return corpus, data


@pytest.fixture(scope="module")
def copied(house: Folders, tmp_path_factory: pytest.TempPathFactory) -> NewFolders:
    """Makes copies of the house, to be changed: corpus and index."""

    def make() -> Folders:
        folder = tmp_path_factory.mktemp("house")
        shutil.copytree(house[0], folder / "corpus")
        shutil.copytree(house[1], folder / "data", ignore=shutil.ignore_patterns("models"))
        (folder / "data" / "models").symlink_to(house[1] / "models")
        return folder / "corpus", folder / "data"

    return make


@pytest.fixture
def own(copied: NewFolders) -> Folders:
    """A copy of the house for one test."""
    return copied()


def sources(folders: Folders, *arguments: str | Path) -> Result:
    """The real `guidance sources` in this process, on these folders."""
    where = ["--data", folders[1]] if arguments[0] == "show" else ["--corpus", folders[0], "--data", folders[1]]
    variables = {"COLUMNS": "250", "GUIDANCE_AUDIENCE": None, "GUIDANCE_MODEL": None, "GUIDANCE_EMBEDDING_MODEL": None}
    return CliRunner(env=variables).invoke(group, ["sources", *map(str, arguments), *map(str, where)])


def said(result: Result) -> str:
    """What was printed, with tables and lines joined."""
    return " ".join(result.stdout.replace("│", " ").split())


def manifest_of(folders: Folders) -> str:
    """The words of sources.toml."""
    return (folders[0] / "sources.toml").read_bytes().decode("utf-8")


def rows_of(corpus: Path) -> dict[str, dict]:
    """The rows of sources.toml by id."""
    return {row["id"]: row for row in tomllib.loads((corpus / "sources.toml").read_text(encoding="utf-8"))["source"]}


def traces(data: Path, word: str) -> list[Path]:
    """Files of the index and of the stored texts that hold a word."""
    files = [path for name in ("generations", "texts") for path in (data / name).rglob("*") if path.is_file()]
    return [path for path in files if word.encode() in path.read_bytes().lower()]


# List and show


@pytest.fixture(scope="module")
def listed(house: Folders) -> str:
    """What `list` prints of the house."""
    return said(sources(house, "list"))


@pytest.mark.parametrize("name", ["visits", "salaries", "loose"])
def test_list_names_every_document(listed: str, name: str) -> None:
    assert name in listed


def test_show_passages_prints_headings_kinds_places_and_words(house: Folders) -> None:
    shown = sources(house, "show", "visits", "--passages").stdout
    start = VISITS.index("The visitor")
    assert "\nVisits\n" in shown and f"[sentence, {start}-{len(VISITS) - 1}] The visitor meets the kangaroo." in shown


def test_show_passages_of_an_unknown_document_is_a_sentence(house: Folders) -> None:
    assert isinstance(sources(house, "show", "none", "--passages").exception, SourceUnknown)


# Remove


@pytest.fixture(scope="module")
def removed(copied: NewFolders) -> tuple[Folders, Result]:
    """A house from which the document for everyone was removed, and what the command said."""
    folders = copied()
    return folders, sources(folders, "remove", "visits")


def test_remove_proves_that_nothing_is_left(removed: tuple[Folders, Result]) -> None:
    assert removed[1].exit_code == 0 and "visits is removed: 0 vectors and 0 lexical entries are left." in said(removed[1])


@pytest.mark.parametrize("audience", BOTH)
def test_remove_leaves_no_vector_and_no_lexical_entry(removed: tuple[Folders, Result], audience: str) -> None:
    generation = current_generation(removed[0][1])
    assert (Held.of(generation, audience).count("visits"), Lexical(generation / "lexical" / audience).knows(terms("kangaroo")[0])) == ((0, 0), False)


def test_before_the_removal_there_were_both(house: Folders) -> None:
    assert all(count > 0 for audience in BOTH for count in Held.of(current_generation(house[1]), audience).count("visits")) and traces(house[1], "kangaroo")


def test_remove_leaves_no_trace_of_the_words_in_index_and_texts(removed: tuple[Folders, Result]) -> None:
    assert traces(removed[0][1], "kangaroo") == []


def test_remove_adds_one_line_and_keeps_every_other_byte(removed: tuple[Folders, Result]) -> None:
    before, after = MANIFEST.splitlines(keepends=True), manifest_of(removed[0]).splitlines(keepends=True)
    assert [line for line in after if line not in before] == ["ignore = true\n"] and [line for line in after if line != "ignore = true\n"] == before


def test_remove_never_touches_the_file(removed: tuple[Folders, Result]) -> None:
    assert (removed[0][0] / "policies" / "visits.md").read_text() == VISITS


def test_list_shows_what_is_ignored(removed: tuple[Folders, Result]) -> None:
    assert "visits" in said(sources(removed[0], "list")) and "ignored" in said(sources(removed[0], "list"))


def test_no_partner_is_shown_what_is_ignored(removed: tuple[Folders, Result]) -> None:
    assert "ignored" not in said(sources(removed[0], "list", "--audience", "partner"))


def test_later_runs_respect_the_mark(removed: tuple[Folders, Result]) -> None:
    (corpus, data), _ = removed
    write_files(corpus, {"more.md": "# More\n\nMore words.\n"})
    report = ingest(corpus, data, DEFAULT_MODEL)
    assert {e.source.id for e in report.catalogue.entries} == {"salaries", "loose", "more"} and "policies/visits.md" not in {f.path for f in report.files}


def test_an_ignored_document_cannot_be_removed_twice_and_the_sentence_says_how_it_comes_back(removed: tuple[Folders, Result]) -> None:
    again = sources(removed[0], "remove", "visits")
    assert isinstance(again.exception, SourceUnknown) and "marked ignore = true in sources.toml. Take that line out" in str(again.exception)


def test_an_unknown_document_cannot_be_removed_and_nothing_is_changed(own: Folders) -> None:
    result = sources(own, "remove", "none")
    assert (type(result.exception), manifest_of(own)) == (SourceUnknown, MANIFEST)


def test_a_file_without_a_row_gets_one_when_it_is_removed(own: Folders) -> None:
    result = sources(own, "remove", "loose")
    assert (result.exit_code, rows_of(own[0])["loose"], manifest_of(own).startswith(MANIFEST)) == (0, {"id": "loose", "path": "loose.md", "ignore": True}, True)


@pytest.fixture(scope="module")
def emptied(new_corpus: Callable[..., Path], new_data: Callable[[], Path]) -> tuple[Folders, Result]:
    """A folder without a manifest whose only document was removed."""
    folders = new_corpus({"loose.md": LOOSE}), new_data()
    ingest(*folders, DEFAULT_MODEL)
    return folders, sources(folders, "remove", "loose")


def test_the_last_document_can_be_removed(emptied: tuple[Folders, Result]) -> None:
    assert emptied[1].exit_code == 0 and traces(emptied[0][1], "echidna") == []


def test_an_index_of_nothing_is_sound(emptied: tuple[Folders, Result]) -> None:
    assert json.loads(sources(emptied[0], "check", "--json").stdout) == {"sources": 0, "passages": 0, "vectors": 0, "lexical": 0, "problems": []}


def test_an_index_of_nothing_can_be_asked(emptied: tuple[Folders, Result], cli: Callable, weights: None) -> None:
    done = cli("ask", "When is the echidna fed?", "--json", "--data", emptied[0][1])
    assert done.returncode == 0 and json.loads(done.stdout)["abstained"] is True


# Replace, in the manifest


@pytest.fixture
def corpus(new_corpus: Callable[..., Path]) -> Path:
    """The corpus folder alone, for edits."""
    return new_corpus(FILES)


def test_an_adopted_text_in_the_place_of_a_digest_takes_the_flag_away_and_keeps_the_date(corpus: Path) -> None:
    exchange(corpus, "visits", Exchange("policies/adopted.md", digest=False))
    row = rows_of(corpus)["visits"]
    assert (row["path"], "digest" in row, row["published"]) == ("policies/adopted.md", False, "2021")


def test_the_digest_is_kept_as_history(corpus: Path) -> None:
    exchange(corpus, "visits", Exchange("policies/adopted.md", digest=False))
    row = rows_of(corpus)["visits-1"]
    assert (row["path"], row["digest"], row["ignore"], row["replaced_by"], "status" in row) == ("policies/visits.md", True, True, "visits", False)


def test_an_exchange_keeps_every_comment_and_every_other_line(corpus: Path) -> None:
    exchange(corpus, "visits", Exchange("policies/adopted.md", digest=False))
    expected = MANIFEST.replace("policies/visits.md", "policies/adopted.md").replace("digest = true\n", "")
    assert (corpus / "sources.toml").read_text().startswith(expected)


def test_a_new_edition_drops_date_version_and_review_of_the_old(corpus: Path) -> None:
    exchange(corpus, "salaries", Exchange("policies/new.md", digest=False))
    assert rows_of(corpus)["salaries"].keys() & {"published", "version", "review_by"} == set()


def test_a_new_edition_takes_the_date_version_and_review_that_are_given(corpus: Path) -> None:
    exchange(corpus, "salaries", Exchange("policies/new.md", False, (("published", "2025"), ("review_by", "2027"))))
    row = rows_of(corpus)["salaries"]
    assert (row["published"], row["review_by"], "version" in row) == ("2025", "2027", False)


def test_the_old_edition_keeps_what_was_said_of_it_and_is_superseded(corpus: Path) -> None:
    exchange(corpus, "salaries", Exchange("policies/new.md", digest=False))
    row = rows_of(corpus)["salaries-1"]
    assert (row["published"], row["version"], row["status"], row["replaced_by"]) == ("2020-05", "2.1", "superseded", "salaries")


def test_a_file_without_a_row_can_be_exchanged(corpus: Path) -> None:
    exchange(corpus, "loose", Exchange("policies/new.md", digest=False))
    rows = rows_of(corpus)
    assert (rows["loose"]["path"], rows["loose-1"]["path"], rows["loose-1"]["ignore"]) == ("policies/new.md", "loose.md", True)


def test_the_file_of_another_document_is_refused_and_nothing_is_changed(corpus: Path) -> None:
    with pytest.raises(ManifestError, match="policies/salaries.md is already the document 'salaries'"):
        exchange(corpus, "visits", Exchange("policies/salaries.md", digest=False))
    assert (corpus / "sources.toml").read_text() == MANIFEST


def test_a_field_that_the_manifest_does_not_allow_changes_nothing(corpus: Path) -> None:
    with pytest.raises(ManifestError, match="is not a date"):
        exchange(corpus, "salaries", Exchange("policies/new.md", False, (("published", "May 2025"),)))
    assert (corpus / "sources.toml").read_text() == MANIFEST


def test_a_third_edition_makes_a_second_row_of_history(corpus: Path) -> None:
    for path in ("second.md", "third.md"):
        exchange(corpus, "salaries", Exchange(path, digest=False))
    assert [rows_of(corpus)[name]["path"] for name in ("salaries", "salaries-1", "salaries-2")] == ["third.md", "policies/salaries.md", "second.md"]


def test_an_edition_that_comes_back_has_its_own_date_again(corpus: Path) -> None:
    exchange(corpus, "salaries", Exchange("policies/new.md", False, (("published", "2025"),)))
    exchange(corpus, "salaries", Exchange("policies/salaries.md", digest=False))
    rows = rows_of(corpus)
    assert (rows["salaries"]["published"], rows["salaries-1"]["published"]) == ("2020-05", "2025")


def test_windows_line_ends_survive_an_edit(corpus: Path) -> None:
    (corpus / "sources.toml").write_bytes(MANIFEST.replace("\n", "\r\n").encode())
    ignore(corpus, "salaries")
    lines = (corpus / "sources.toml").read_bytes().splitlines(keepends=True)
    assert [line for line in lines if not line.endswith(b"\r\n")] == []


# The file of a replacement


def test_a_file_from_elsewhere_is_copied_beside_the_old_one(corpus: Path, tmp_path: Path) -> None:
    write_files(tmp_path, {"adopted.md": ADOPTED})
    with brought_in(corpus, tmp_path / "adopted.md", Path("policies/visits.md")) as path:
        assert path == "policies/adopted.md" and (corpus / "policies" / "adopted.md").read_text() == ADOPTED


def test_a_copy_never_goes_over_another_file(corpus: Path, tmp_path: Path) -> None:
    write_files(tmp_path, {"salaries.md": ADOPTED})
    with brought_in(corpus, tmp_path / "salaries.md", Path("policies/visits.md")) as brought:
        assert (brought, (corpus / "policies" / "salaries.md").read_text(), (corpus / brought).read_text()) == ("policies/salaries-2.md", SALARIES, ADOPTED)


def test_a_file_that_is_in_the_folder_already_stays_where_it_is(corpus: Path) -> None:
    before = sorted(corpus.rglob("*"))
    with brought_in(corpus, corpus / "loose.md", Path("policies/visits.md")) as path:
        assert (path, sorted(corpus.rglob("*"))) == ("loose.md", before)


def test_a_document_whose_folder_is_gone_can_be_replaced(corpus: Path, tmp_path: Path) -> None:
    write_files(tmp_path, {"adopted.md": ADOPTED})
    shutil.rmtree(corpus / "policies")
    with brought_in(corpus, tmp_path / "adopted.md", Path("policies/visits.md")) as path:
        assert (corpus / path).read_text() == ADOPTED


# Replace, whole


@pytest.fixture(scope="module")
def replaced(copied: NewFolders, weights: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Folders, Result]:
    """A house whose digest was replaced by the adopted text, with cases of its own, and what the command said."""
    folders, folder = copied(), tmp_path_factory.mktemp("new")
    write_files(folder, {"adopted.md": ADOPTED, "cases/cases.yaml": CASES})
    return folders, sources(folders, "replace", "visits", folder / "adopted.md", "--cases", folder / "cases")


def test_a_replaced_document_answers_from_its_new_file(replaced: tuple[Folders, Result]) -> None:
    (corpus, data), result = replaced
    entry = Catalogue.load(current_generation(data)).entry("visits", "partner")
    assert (result.exit_code, entry.source.path, entry.source.digest, entry.source.title) == (0, "policies/adopted.md", False, "Our visits")


def test_the_old_file_stays_beside_the_new_one(replaced: tuple[Folders, Result]) -> None:
    folder = replaced[0][0] / "policies"
    assert (folder / "visits.md").read_text() == VISITS and (folder / "adopted.md").read_text() == ADOPTED


def test_replace_ends_with_the_cases_that_are_answered_otherwise_old_beside_new(replaced: tuple[Folders, Result]) -> None:
    told = said(replaced[1])
    assert "visits-1" in told and "salaries-1" not in told and "one visit" in told and "three visits" in told


def test_replace_asks_only_the_cases_that_this_corpus_can_answer(replaced: tuple[Folders, Result]) -> None:
    assert said(replaced[1]).endswith("1 of 2 evaluation cases are answered otherwise.")


def test_list_shows_the_history_of_a_replaced_document(replaced: tuple[Folders, Result]) -> None:
    assert "visits-1" in (told := said(sources(replaced[0], "list"))) and "ignored; history of visits" in told


def test_after_a_replacement_manifest_files_and_index_agree(replaced: tuple[Folders, Result]) -> None:
    assert check(*replaced[0], DEFAULT_MODEL, TODAY).problems == ()


REFUSED_FILES = {"torn.pdf": b"%PDF-1.7 torn", "empty.txt": b"", "odd.xyz": b"Words."}


@pytest.mark.parametrize("name", REFUSED_FILES)
def test_a_file_that_cannot_be_read_changes_nothing(own: Folders, tmp_path: Path, name: str) -> None:
    before = sorted(own[0].rglob("*"))
    write_files(tmp_path, {name: REFUSED_FILES[name]})
    result = sources(own, "replace", "visits", tmp_path / name, "--no-cases")
    assert result.exit_code == 1 and (manifest_of(own), sorted(own[0].rglob("*"))) == (MANIFEST, before)


def test_the_present_file_of_a_document_is_wrong_usage(own: Folders) -> None:
    result = sources(own, "replace", "visits", own[0] / "policies" / "visits.md", "--no-cases")
    assert (result.exit_code, "is the present file of visits" in result.stderr) == (2, True)


def test_an_ingestion_that_fails_after_the_edit_gives_the_manifest_its_old_bytes_back(own: Folders, tmp_path: Path) -> None:
    write_files(tmp_path, {"adopted.md": ADOPTED, "file": "no folder"})
    result = sources((own[0], tmp_path / "file" / "data"), "replace", "visits", tmp_path / "adopted.md", "--no-cases")
    assert (result.exit_code, manifest_of(own)) == (1, MANIFEST)


def test_a_removal_whose_ingestion_fails_half_way_gives_the_manifest_its_old_bytes_back(own: Folders) -> None:
    write_files(own[0], {"contacts.toml": "[[contact\n"})
    result = sources(own, "remove", "visits")
    assert (result.exit_code, manifest_of(own)) == (1, MANIFEST) and traces(own[1], "kangaroo")


def test_a_replacement_that_fails_leaves_no_copy_of_the_file_behind(own: Folders, tmp_path: Path) -> None:
    write_files(tmp_path, {"adopted.md": ADOPTED})
    result = sources(own, "replace", "visits", tmp_path / "adopted.md", "--published", "May 2025", "--no-cases")
    assert (result.exit_code, (own[0] / "policies" / "adopted.md").exists()) == (1, False)


def test_a_replacement_that_the_run_refuses_is_not_called_done(own: Folders, tmp_path: Path) -> None:
    write_files(tmp_path, {"adopted.md": ADOPTED})
    (own[0] / "policies" / "adopted.md").symlink_to(tmp_path / "adopted.md")
    result = sources(own, "replace", "visits", own[0] / "policies" / "adopted.md", "--no-cases")
    assert "visits" in {e.source.id for e in Catalogue.load(current_generation(own[1])).entries} or result.exit_code == 1


# Use


@pytest.fixture(scope="module")
def fetched(copied: NewFolders) -> Folders:
    """A house for whose digest an original was fetched."""
    folders = copied()
    aside = folders[0] / ".originals"
    write_files(aside, {"visits.md": ADOPTED})
    address = "https://example.org/visits"
    save_fetched(aside, {"visits": Fetched("visits", "visits.md", address, address, 200, "text/markdown", len(ADOPTED), "0" * 64, "2026-01-01T00:00:00Z")})
    return folders


def used(folders: Folders, which: str) -> tuple[str, bool]:
    """The path that answers after `use`, and whether it is a digest."""
    result = sources(folders, "use", "visits", which, "--no-cases")
    assert result.exit_code == 0, result.output
    source = Catalogue.load(current_generation(folders[1])).entry("visits", "staff").source
    return source.path, source.digest


def test_use_switches_to_the_original_and_back_and_forth_again(fetched: Folders) -> None:
    assert [used(fetched, which) for which in ("original", "digest", "original")] == [
        (".originals/visits.md", False),
        ("policies/visits.md", True),
        (".originals/visits.md", False),
    ]


def test_to_use_what_is_used_changes_nothing(own: Folders) -> None:
    assert "visits is answered from its digest already." in said(sources(own, "use", "visits", "digest")) and manifest_of(own) == MANIFEST


def test_an_original_that_was_not_fetched_cannot_be_used(own: Folders) -> None:
    result = sources(own, "use", "visits", "original", "--no-cases")
    assert isinstance(result.exception, SourceUnknown) and "guidance sources fetch visits" in str(result.exception) and manifest_of(own) == MANIFEST


def test_a_document_without_a_digest_says_how_one_is_put_in_its_place(own: Folders) -> None:
    result = sources(own, "use", "salaries", "digest", "--no-cases")
    assert isinstance(result.exception, SourceUnknown) and "guidance sources replace salaries FILE --digest" in str(result.exception)


def test_use_original_comes_back_to_the_newest_edition(own: Folders) -> None:
    write_files(own[0], {"policies/first.md": ADOPTED, "policies/second.md": ADOPTED.replace("three", "four")})
    for path, digest in (("policies/first.md", False), ("policies/second.md", False), ("policies/visits.md", True)):
        exchange(own[0], "visits", Exchange(path, digest))
    assert used(own, "original") == ("policies/second.md", False)


# Check


def problems(folders: Folders, model: str = DEFAULT_MODEL, today: datetime.date = TODAY) -> set[tuple[str | None, str]]:
    """Source and kind of every problem."""
    return {(p.source, p.kind) for p in check(*folders, model, today).problems}


def edit(folders: Folders, old: str, new: str) -> None:
    """Change some words of sources.toml."""
    assert old in manifest_of(folders)
    (folders[0] / "sources.toml").write_text(manifest_of(folders).replace(old, new), encoding="utf-8")


def rewrite_catalogue(folders: Folders, **fields: object) -> None:
    """Let the index say something else of itself."""
    path = current_generation(folders[1]) / "catalogue.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **fields}), encoding="utf-8")


def delete_rows(folders: Folders, collection: str, source: str) -> None:
    """Take a source's rows out of one of Chroma's collections."""
    client = open_chroma(current_generation(folders[1]))
    try:
        client.get_collection(collection, embedding_function=None).delete(where={"source": source})
    finally:
        client.close()


def test_a_sound_house_has_no_problem(house: Folders) -> None:
    assert problems(house) == set()


def test_check_counts_documents_passages_vectors_and_lexical_entries(house: Folders) -> None:
    health = check(*house, DEFAULT_MODEL, TODAY)
    assert health.sources == 3 and health.passages == health.vectors == health.lexical > 3


def test_check_json_of_a_sound_house_is_the_contract_and_exits_with_0(house: Folders) -> None:
    result = sources(house, "check", "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 0 and set(found) == {"sources", "passages", "vectors", "lexical", "problems"} and found["problems"] == []


def test_check_json_of_a_problem_is_the_contract_and_exits_with_1(own: Folders) -> None:
    (own[0] / "loose.md").unlink()
    result = sources(own, "check", "--json")
    (problem,) = json.loads(result.stdout)["problems"]
    assert (result.exit_code, set(problem), problem["source"], problem["kind"]) == (1, {"source", "kind", "message"}, "loose", "left_in_index")


def test_check_prints_a_table_of_what_to_do(own: Folders) -> None:
    (own[0] / "policies" / "visits.md").unlink()
    result = sources(own, "check")
    assert (result.exit_code, "visits missing file policies/visits.md is in sources.toml and not in" in said(result)) == (1, True)


CHANGED_FILES = {
    "a file without its row": ({"new.md": "# New\n\nNew words.\n"}, {("new", "not_indexed")}),
    "a changed file": ({"policies/visits.md": ADOPTED}, {("visits", "changed_file")}),
}


@pytest.mark.parametrize(("files", "expected"), CHANGED_FILES.values(), ids=CHANGED_FILES)
def test_check_names_a_difference_of_the_files(own: Folders, files: dict[str, str], expected: set) -> None:
    write_files(own[0], files)
    assert problems(own) == expected


CHANGED_ROWS = {
    "another title": ("title = 'Our visits'", "title = 'Journeys'", {("visits", "changed_row")}),
    "another audience": ('audience = "everyone"', 'audience = "staff"', {("visits", "changed_row")}),
    "another id": ('id = "salaries"', 'id = "pay"', {("salaries", "left_in_index"), ("pay", "not_indexed")}),
    "ignored by hand": ('version = "2.1"', "ignore = true", {("salaries", "left_in_index")}),
    "another file": ("policies/visits.md", "policies/none.md", {("visits", "missing_file"), ("policies-visits", "not_indexed")}),
    "overdue": ('review_by = "2999"', 'review_by = "2026-05"', {("salaries", "changed_row"), ("salaries", "review_overdue")}),
    "not overdue": ('review_by = "2999"', 'review_by = "2026"', {("salaries", "changed_row")}),
    "an unknown successor": ('version = "2.1"', 'version = "2.1"\nreplaced_by = "none"', {("salaries", "changed_row"), ("salaries", "replaced_by")}),
    "an unknown original": ('version = "2.1"', 'version = "2.1"\ntranslation_of = "none"', {("salaries", "changed_row"), ("salaries", "translation_of")}),
}


@pytest.mark.parametrize(("old", "new", "expected"), CHANGED_ROWS.values(), ids=CHANGED_ROWS)
def test_check_names_a_difference_of_the_manifest(own: Folders, old: str, new: str, expected: set) -> None:
    edit(own, old, new)
    assert problems(own) == expected


def test_check_names_a_title_that_was_taken_out(own: Folders) -> None:
    edit(own, "title = 'Our visits'   # as printed\n", "")
    assert problems(own) == {(None, "changed_manifest")}


def test_check_names_another_home(own: Folders) -> None:
    edit(own, "Example House", "Another House")
    assert problems(own) != set()


def test_check_names_a_file_that_could_not_be_read_by_the_code_of_its_error(own: Folders) -> None:
    write_files(own[0], {"torn.pdf": b"%PDF-1.7 torn", "none.txt": b""})
    ingest(*own, DEFAULT_MODEL)
    assert problems(own) == {("torn", "damaged"), ("none", "empty")}


def test_check_without_an_index_says_so_and_still_names_what_is_overdue(house: Folders, tmp_path: Path) -> None:
    assert problems((house[0], tmp_path), today=datetime.date(3000, 1, 1)) == {(None, "no_index"), ("salaries", "review_overdue")}


def test_check_names_another_model_and_another_splitting(own: Folders) -> None:
    rewrite_catalogue(own, model="another-model", chunking="units-0")
    assert problems(own) == {(None, "model"), (None, "splitting")}


def test_check_names_lost_vectors_for_the_audience_that_lost_them(own: Folders) -> None:
    delete_rows(own, "partner-passages", "visits")
    found = check(*own, DEFAULT_MODEL, TODAY).problems
    assert ("visits", "vectors") in {(p.source, p.kind) for p in found} and "for partner" in found[0].message


def test_check_names_vectors_that_staff_lost(own: Folders) -> None:
    delete_rows(own, "staff-passages", "salaries")
    assert ("salaries", "vectors") in problems(own)


def test_check_names_lost_lexical_entries(own: Folders) -> None:
    path = current_generation(own[1]) / "lexical" / "staff" / "ids.json"
    path.write_text(json.dumps(json.loads(path.read_text())[:-1]))
    assert {kind for _, kind in problems(own)} == {"lexical"}


def test_check_names_lost_blocks(own: Folders) -> None:
    delete_rows(own, "staff-blocks", "salaries")
    assert problems(own) != set()


def test_check_names_a_lost_lexical_index(own: Folders) -> None:
    shutil.rmtree(current_generation(own[1]) / "lexical" / "staff" / "bm25")
    assert problems(own) != set()


TORN = {"Chroma": "generations/{}/chroma", "the lexical index": "generations/{}/lexical", "the texts": "texts"}


@pytest.mark.parametrize("part", TORN.values(), ids=TORN)
def test_check_names_a_part_of_the_index_that_is_gone(own: Folders, part: str) -> None:
    shutil.rmtree(own[1] / part.format(current_generation(own[1]).name))
    assert problems(own) != set()


def test_check_names_the_same_text_and_nearly_the_same(own: Folders) -> None:
    words = " ".join(f"Partner number {n} sends its report of month {n} to the office in town {n}." for n in range(30))
    write_files(own[0], {"a.md": words, "b.md": words, "c.md": words + " One more sentence."})
    ingest(*own, DEFAULT_MODEL)
    assert problems(own) == {("b", "same_text"), ("c", "near_duplicate")}
