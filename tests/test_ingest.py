"""Ingestion: what a run adds, replaces and takes away, for whom; and what is left when a run cannot be finished."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, environment, query_of, write_files
from langchain_core.embeddings import Embeddings

from assistant.search import Hit, Library
from ingest.catalogue import Catalogue, current_generation, stored_text
from ingest.embed import DEFAULT_MODEL
from ingest.errors import CorpusMissing, IndexMismatch, IndexMissing, IndexUnwritable, ManifestError
from ingest.index import open_chroma
from ingest.lexical import Lexical, terms
from ingest.manifest import Audience
from ingest.pipeline import IngestReport, ingest, is_stale
from ingest.vocabulary import packaged_folder

NewCorpus = Callable[..., Path]
Search = Callable[..., tuple[Hit, ...]]

VISITS = "# Visits\n\nEvery partner may ask for one visit in each year. The visitor pays for the travel.\n"
REPORTS = "# Reports\n\nA report is due in the month of March. It names the kangaroo of the year.\n"
SALARIES = "# Salaries\n\nThe wombat bonus of a director is paid in secret.\n"
SHARED = '[[source]]\nid = "visits"\npath = "visits.md"\naudience = "everyone"\n'
MIXED = {"visits.md": VISITS, "salaries.md": SALARIES, "sources.toml": f'home = "Example"\n{SHARED}[[source]]\nid = "salaries"\npath = "salaries.md"\naudience = "staff"\n'}
BOTH: tuple[Audience, ...] = ("staff", "partner")


def run(corpus: Path, data: Path) -> IngestReport:
    """Ingest with the default model."""
    return ingest(corpus, data, DEFAULT_MODEL)


def texts(hits: tuple[Hit, ...]) -> str:
    """All that was found, as one text."""
    return "\n".join(hit.text for hit in hits)


def scores(hits: tuple[Hit, ...]) -> dict[tuple[str, str], float]:
    """Every score of every hit."""
    return {(hit.id, name): getattr(hit, name) for hit in hits for name in ("dense", "block_score", "head_score", "lexical")}


def rows(data: Path, audience: Audience) -> list[str]:
    """Everything that Chroma holds for an audience: ids, documents and metadata of every row."""
    client = open_chroma(current_generation(data))
    try:
        found = [client.get_collection(f"{audience}-{name}", embedding_function=None).get() for name in ("passages", "blocks")]
        return [json.dumps(row) for part in found for row in zip(part["ids"], part["documents"], part["metadatas"])]
    finally:
        client.close()


def lexical(data: Path, audience: Audience) -> Lexical:
    """The BM25 of an audience."""
    return Lexical(current_generation(data) / "lexical" / audience)


# What a second run does


def test_a_second_run_embeds_nothing(new_corpus: NewCorpus, fresh_data: Path) -> None:
    corpus = new_corpus({"visits.md": VISITS})
    run(corpus, fresh_data)
    assert run(corpus, fresh_data).embedded == 0


def test_a_second_run_leaves_the_generation_alone(new_corpus: NewCorpus, fresh_data: Path) -> None:
    corpus = new_corpus({"visits.md": VISITS})
    first = run(corpus, fresh_data).catalogue.generation
    run(corpus, fresh_data)
    assert current_generation(fresh_data).name == first


def test_a_new_file_is_embedded_alone(new_corpus: NewCorpus, new_data: Callable[[], Path]) -> None:
    data, corpus = new_data(), new_corpus({"visits.md": VISITS})
    run(corpus, data)
    write_files(corpus, {"reports.md": REPORTS})
    alone = run(new_corpus({"reports.md": REPORTS}), new_data()).embedded
    assert run(corpus, data).embedded == alone > 0


def test_a_changed_file_is_found_by_its_new_words(new_corpus: NewCorpus, fresh_data: Path, search: Search) -> None:
    corpus = new_corpus({"visits.md": VISITS, "reports.md": REPORTS})
    run(corpus, fresh_data)
    write_files(corpus, {"reports.md": REPORTS.replace("kangaroo", "platypus")})
    run(corpus, fresh_data)
    assert "platypus" in texts(search(fresh_data, "Which animal does the report name?"))


def test_a_changed_file_is_not_found_by_its_old_words(new_corpus: NewCorpus, fresh_data: Path) -> None:
    corpus = new_corpus({"visits.md": VISITS, "reports.md": REPORTS})
    run(corpus, fresh_data)
    write_files(corpus, {"reports.md": REPORTS.replace("kangaroo", "platypus")})
    run(corpus, fresh_data)
    assert [row for row in rows(fresh_data, "staff") if "kangaroo" in row] == []


def test_a_changed_file_is_stored_as_a_new_version(new_corpus: NewCorpus, fresh_data: Path) -> None:
    corpus = new_corpus({"reports.md": REPORTS})
    run(corpus, fresh_data)
    changed = REPORTS.replace("kangaroo", "platypus")
    write_files(corpus, {"reports.md": changed})
    entry = run(corpus, fresh_data).catalogue.entry("reports", "staff")
    assert stored_text(fresh_data, entry.version) == changed


@pytest.fixture(scope="module")
def after_removal(new_corpus: NewCorpus, new_data: Callable[[], Path]) -> Path:
    """An index from which a document for everyone was removed."""
    shared = 'home = "Example"\n' + SHARED
    report = '[[source]]\nid = "reports"\npath = "reports.md"\naudience = "everyone"\n'
    corpus, data = new_corpus({"visits.md": VISITS, "reports.md": REPORTS, "sources.toml": shared + report}), new_data()
    run(corpus, data)
    (corpus / "reports.md").unlink()
    write_files(corpus, {"sources.toml": shared})
    run(corpus, data)
    return data


@pytest.mark.parametrize("audience", BOTH)
def test_a_removed_file_leaves_no_row_in_chroma(after_removal: Path, audience: Audience) -> None:
    assert [row for row in rows(after_removal, audience) if "kangaroo" in row or "reports" in row.lower()] == []


@pytest.mark.parametrize("audience", BOTH)
def test_a_removed_file_leaves_no_word_in_the_lexical_index(after_removal: Path, audience: Audience) -> None:
    assert not lexical(after_removal, audience).knows(terms("kangaroo")[0])


@pytest.mark.parametrize("audience", BOTH)
def test_the_other_files_stay_when_one_is_removed(after_removal: Path, search: Search, audience: Audience) -> None:
    assert "pays for the travel" in texts(search(after_removal, "Who pays for the travel?", audience))


def test_what_an_interrupted_run_left_is_cleared_by_the_next(new_corpus: NewCorpus, fresh_data: Path) -> None:
    left = fresh_data / "generations" / "20200101T000000-abcdef"
    write_files(left, {"chroma/chroma.sqlite3": b"half a file"})
    run(new_corpus({"visits.md": VISITS}), fresh_data)
    assert not left.exists()


def test_an_index_is_stale_once_a_file_has_changed(new_corpus: NewCorpus, fresh_data: Path) -> None:
    corpus = new_corpus({"visits.md": VISITS})
    run(corpus, fresh_data)
    before = is_stale(corpus, fresh_data, DEFAULT_MODEL)
    write_files(corpus, {"visits.md": VISITS + "\nA line more.\n"})
    assert (before, is_stale(corpus, fresh_data, DEFAULT_MODEL)) == (False, True)


def test_an_index_of_an_older_version_of_the_program_is_made_anew(new_corpus: NewCorpus, fresh_data: Path, search: Search) -> None:
    corpus = new_corpus({"visits.md": VISITS})
    run(corpus, fresh_data)
    path = current_generation(fresh_data) / "catalogue.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "layout": 0}))
    assert is_stale(corpus, fresh_data, DEFAULT_MODEL) and run(corpus, fresh_data).changed
    assert "pays for the travel" in texts(search(fresh_data, "Who pays for the travel?"))


# For whom


@pytest.fixture(scope="module")
def mixed(new_corpus: NewCorpus, new_data: Callable[[], Path]) -> Path:
    """An index of one document for everyone and one for staff."""
    data = new_data()
    run(new_corpus(MIXED), data)
    return data


def test_a_staff_document_is_found_by_staff(mixed: Path, search: Search) -> None:
    assert "wombat bonus" in texts(search(mixed, "What bonus does a director get?", "staff"))


def test_a_staff_document_has_no_row_in_the_partners_collections(mixed: Path) -> None:
    assert [row for row in rows(mixed, "partner") if "wombat" in row or "salaries" in row.lower()] == []


def test_a_staff_document_has_no_word_in_the_partners_lexical_index(mixed: Path) -> None:
    assert not lexical(mixed, "partner").knows(terms("wombat")[0])


def test_a_partners_lexical_index_holds_the_partners_passages_alone(mixed: Path) -> None:
    ids = {json.loads(row)[0] for row in rows(mixed, "partner")}
    assert lexical(mixed, "partner").ids and set(lexical(mixed, "partner").ids) <= ids


def test_a_partners_scores_are_the_same_with_and_without_a_staff_document(mixed: Path, new_corpus: NewCorpus, fresh_data: Path, search: Search) -> None:
    run(new_corpus({"visits.md": VISITS, "sources.toml": 'home = "Example"\n' + SHARED}), fresh_data)
    question = "Does the visitor pay the wombat bonus of the year?"
    with_it, without_it = (scores(search(data, question, "partner")) for data in (mixed, fresh_data))
    assert with_it == pytest.approx(without_it)


def test_a_document_that_becomes_staff_only_leaves_the_partners_collections(new_corpus: NewCorpus, fresh_data: Path) -> None:
    corpus = new_corpus(MIXED)
    run(corpus, fresh_data)
    write_files(corpus, {"sources.toml": MIXED["sources.toml"].replace("everyone", "staff")})
    run(corpus, fresh_data)
    assert rows(fresh_data, "partner") == []


# A folder as it comes


@pytest.fixture(scope="module")
def loose(new_corpus: NewCorpus, new_data: Callable[[], Path]) -> Catalogue:
    """The catalogue of a folder without a manifest."""
    files = {
        "visits.md": VISITS,
        "Old Papers/Über uns (2nd).txt": "This is a sentence that is certainly no heading, and it ends here.\n",
        ".hidden.md": "# Hidden\n\nThis is hidden.\n",
        ".git/config.txt": "This is hidden too.\n",
        "notes.toml": "a = 1\n",
    }
    return run(new_corpus(files), new_data()).catalogue


def test_without_a_manifest_the_title_is_the_first_heading(loose: Catalogue) -> None:
    assert loose.entry("visits", "staff").source.title == "Visits"


def test_without_a_manifest_or_heading_the_title_is_the_file_name(loose: Catalogue) -> None:
    assert loose.entry("old-papers-ber-uns-2nd", "staff").source.title == "Über uns (2nd)"


def test_without_a_manifest_every_document_is_for_staff_only(loose: Catalogue) -> None:
    assert loose.visible_to("partner") == ()


def test_hidden_files_and_toml_files_are_no_documents(loose: Catalogue) -> None:
    assert {entry.source.path for entry in loose.entries} == {"visits.md", "Old Papers/Über uns (2nd).txt"}


def test_without_a_manifest_nothing_is_claimed_of_a_document(loose: Catalogue) -> None:
    source = loose.entry("visits", "staff").source
    assert (source.publisher, source.published, source.kind, source.status, loose.home) == (None,) * 5


def test_two_files_of_one_name_do_not_hide_each_other(new_corpus: NewCorpus, fresh_data: Path) -> None:
    catalogue = run(new_corpus({"visits.md": VISITS, "visits.txt": "Other words stand here."}), fresh_data).catalogue
    assert [(f.path, "would have the id 'visits'" in f.reason) for f in catalogue.failures] == [("visits.txt", True)]


def test_a_row_may_name_its_file_in_another_way_without_doubling_it(new_corpus: NewCorpus, fresh_data: Path) -> None:
    catalogue = run(new_corpus({"visits.md": VISITS, "sources.toml": SHARED.replace('"visits.md"', '"./visits.md"')}), fresh_data).catalogue
    assert (len(catalogue.entries), catalogue.failures) == (1, ())


# One bad file


@pytest.fixture(scope="module")
def with_bad_files(new_corpus: NewCorpus, new_data: Callable[[], Path], cli: Callable) -> tuple[Path, subprocess.CompletedProcess]:
    """What the command did with a folder in which one file is damaged and one is missing."""
    row = '[[source]]\nid = "gone"\npath = "gone.md"\n'
    corpus, data = new_corpus({"a-torn.pdf": b"%PDF-1.7 torn", "visits.md": VISITS, "sources.toml": row}), new_data()
    return data, cli("ingest", "--corpus", corpus, "--data", data)


def test_a_bad_file_does_not_stop_the_others(with_bad_files: tuple, search: Search) -> None:
    assert "pays for the travel" in texts(search(with_bad_files[0], "Who pays for the travel?"))


def test_a_bad_file_makes_the_exit_code_1(with_bad_files: tuple) -> None:
    assert with_bad_files[1].returncode == 1


@pytest.mark.parametrize("reason", ["a-torn.pdf is not a readable PDF", "gone.md is named in sources.toml but is not in"])
def test_a_bad_file_is_reported_with_its_reason(with_bad_files: tuple, reason: str) -> None:
    assert reason in " ".join(with_bad_files[1].stdout.replace("│", " ").split())


def test_a_bad_file_prints_no_traceback(with_bad_files: tuple) -> None:
    assert "Traceback" not in with_bad_files[1].stderr


# A bad manifest

ROW = '[[source]]\nid = "visits"\npath = "visits.md"\n'
BAD_MANIFESTS = {
    "unknown field": (ROW + 'colour = "red"\n', "sources.toml, visits: unknown field 'colour'. Allowed are"),
    "unknown entry": ('owner = "me"\n' + ROW, "sources.toml: unknown entry 'owner'. Only"),
    "wrong date": (ROW + 'published = "May 2023"\n', "sources.toml, visits: published = 'May 2023' is not a date. Write"),
    "no such month": (ROW + 'published = "2023-13"\n', "sources.toml, visits: published = '2023-13' is not a date. Write"),
    "date as a number": (ROW + "published = 2023\n", "sources.toml, visits: published = 2023 has to be text in quotes."),
    "unknown status": (ROW + 'status = "valid"\n', "sources.toml, visits: status = 'valid' is not one of in_force"),
    "unknown audience": (ROW + 'audience = "partner"\n', "sources.toml, visits: audience = 'partner' is not one of everyone"),
    "digest as text": (ROW + 'digest = "yes"\n', "sources.toml, visits: digest = 'yes' has to be true or false."),
    "no id": ('[[source]]\npath = "visits.md"\n', "sources.toml, row 1: id is missing. Every"),
    "no path": ('[[source]]\nid = "visits"\n', "sources.toml, visits: path is missing. Every"),
    "duplicate id": (ROW + ROW.replace("visits.md", "b.md"), "sources.toml: two rows have id = 'visits'. Give"),
    "duplicate path": (ROW + ROW.replace('"visits"', '"b"'), "sources.toml: two rows have path = 'visits.md'. Give"),
    "bad TOML": ('[[source]\nid = "visits"\n', "sources.toml is not valid TOML"),
    "no UTF-8": (b'home = "Caf\xe9"\n', "sources.toml is not valid TOML"),
    "single brackets": ('[source]\nid = "visits"\npath = "visits.md"\n', "sources.toml"),
    "home as a number": ("home = 5\n" + ROW, "sources.toml"),
}


@pytest.fixture(scope="module")
def standing(new_corpus: NewCorpus, new_data: Callable[[], Path]) -> tuple[Path, Path]:
    """A corpus folder and its index, into which later runs try to bring a bad manifest."""
    corpus, data = new_corpus({"visits.md": VISITS}), new_data()
    run(corpus, data)
    return corpus, data


@pytest.mark.parametrize(("manifest", "sentence"), BAD_MANIFESTS.values(), ids=BAD_MANIFESTS)
def test_a_bad_manifest_is_refused_with_a_sentence(new_corpus: NewCorpus, fresh_data: Path, manifest: str | bytes, sentence: str) -> None:
    with pytest.raises(ManifestError) as error:
        run(new_corpus({"visits.md": VISITS, "sources.toml": manifest}), fresh_data)
    assert sentence in str(error.value)


BAD_CONTACTS = {
    "unknown field": ('[[contact]]\nrole = "helpline"\nname = "A"\nreach = "1"\nphone = "1"\n', "contacts.toml, A: unknown field 'phone'. Allowed are"),
    "unknown role": ('[[contact]]\nrole = "boss"\nname = "A"\nreach = "1"\n', "contacts.toml, A: role = 'boss' is not one of safeguarding"),
    "wrong date": ('[[contact]]\nrole = "helpline"\nname = "A"\nreach = "1"\nconfirmed = "today"\n', "contacts.toml, A: confirmed = 'today' is not a date. Write"),
    "bad TOML": ("[[contact\n", "contacts.toml is not valid TOML"),
    "no name": ('[[contact]]\nrole = "helpline"\nreach = "1"\n', "contacts.toml"),
    "number without quotes": ('[[contact]]\nrole = "emergency"\nname = "A"\nreach = 999\n', "contacts.toml"),
    "single brackets": ('[contact]\nrole = "helpline"\nname = "A"\nreach = "1"\n', "contacts.toml"),
}


@pytest.mark.parametrize(("contacts", "sentence"), BAD_CONTACTS.values(), ids=BAD_CONTACTS)
def test_bad_contacts_are_refused_with_a_sentence(new_corpus: NewCorpus, fresh_data: Path, contacts: str, sentence: str) -> None:
    with pytest.raises(ManifestError) as error:
        run(new_corpus({"visits.md": VISITS, "contacts.toml": contacts}), fresh_data)
    assert sentence in str(error.value)


def test_the_old_index_answers_while_the_manifest_is_bad(standing: tuple[Path, Path], search: Search) -> None:
    corpus, data = standing
    write_files(corpus, {"sources.toml": "[[source\n"})
    with pytest.raises(ManifestError):
        run(corpus, data)
    assert "pays for the travel" in texts(search(data, "Who pays for the travel?"))


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path, fresh_data: Path) -> None:
    with pytest.raises(CorpusMissing, match="gone does not exist. Name an existing folder with --corpus DIR"):
        run(tmp_path / "gone", fresh_data)


def test_a_folder_without_a_document_is_named(tmp_path: Path, fresh_data: Path) -> None:
    with pytest.raises(CorpusMissing, match="holds no document. Put a PDF"):
        run(tmp_path, fresh_data)


def test_a_change_of_contacts_alone_is_taken_over_without_embedding(new_corpus: NewCorpus, fresh_data: Path) -> None:
    corpus = new_corpus({"visits.md": VISITS})
    run(corpus, fresh_data)
    write_files(corpus, {"contacts.toml": '[[contact]]\nrole = "helpline"\nname = "A"\ncountry = "GB"\nreach = "1"\n'})
    report = run(corpus, fresh_data)
    assert (report.embedded, [c.reach for c in report.catalogue.contacts]) == (0, ["1"])


# The index folder


def test_an_index_of_another_model_is_refused_with_the_command_that_mends_it(mixed: Path, embeddings: Embeddings) -> None:
    with pytest.raises(IndexMismatch) as error:
        Library(mixed, embeddings, str(packaged_folder())).searcher("staff")
    assert all(part in str(error.value) for part in (str(mixed), DEFAULT_MODEL, str(packaged_folder()), f"guidance ingest --data {mixed}"))


@pytest.fixture
def old_splitting(new_corpus: NewCorpus, fresh_data: Path) -> tuple[Path, Path]:
    """A corpus, and its index as another way of splitting would have left it."""
    corpus = new_corpus({"visits.md": VISITS})
    run(corpus, fresh_data)
    path = current_generation(fresh_data) / "catalogue.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "chunking": "units-0", "fingerprint": "another"}))
    return corpus, fresh_data


def test_an_index_of_another_splitting_is_refused(old_splitting: tuple[Path, Path], embeddings: Embeddings) -> None:
    with pytest.raises(IndexMismatch, match="splitting units-0"):
        Library(old_splitting[1], embeddings, DEFAULT_MODEL).searcher("staff")


def test_an_index_of_another_splitting_is_made_anew_by_the_next_run(old_splitting: tuple[Path, Path], search: Search) -> None:
    run(*old_splitting)
    assert "pays for the travel" in texts(search(old_splitting[1], "Who pays for the travel?"))


def test_a_missing_index_is_named_with_the_command_that_makes_it(tmp_path: Path, embeddings: Embeddings) -> None:
    with pytest.raises(IndexMissing) as error:
        Library(tmp_path, embeddings, DEFAULT_MODEL).searcher("partner")
    assert f"There is no index in {tmp_path}. Make one with: guidance ingest --data {tmp_path}" in str(error.value)


@pytest.mark.parametrize("below", ["", "deeper"])
def test_a_folder_that_cannot_be_written_is_named(new_corpus: NewCorpus, tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("a file stands where the folder should be")
    data = tmp_path / "file" / below
    with pytest.raises(IndexUnwritable) as error:
        run(new_corpus({"visits.md": VISITS}), data)
    assert all(part in str(error.value) for part in (str(data), "cannot be written", "--data DIR"))


# Two processes


def test_a_running_reader_sees_what_another_process_ingests(new_corpus: NewCorpus, fresh_data: Path, embeddings: Embeddings, cli: Callable) -> None:
    corpus = new_corpus({"reports.md": REPORTS})
    run(corpus, fresh_data)
    reader, query = Library(fresh_data, embeddings, DEFAULT_MODEL), query_of("Which animal does the report name?", embeddings)
    before = texts(reader.searcher("staff").search(query))
    write_files(corpus, {"reports.md": REPORTS.replace("kangaroo", "platypus")})
    cli("ingest", "--corpus", corpus, "--data", fresh_data)
    after = texts(reader.searcher("staff").search(query))
    assert ("kangaroo" in before, "kangaroo" in after, "platypus" in after) == (True, False, True)


KILLED = """
import sys
from pathlib import Path
from ingest.pipeline import ingest
ingest(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], lambda *step: print(*step, flush=True))
"""


@pytest.fixture(scope="module", params=range(5), ids=lambda seed: f"seed {seed}")
def killed(request: pytest.FixtureRequest, new_corpus: NewCorpus, new_data: Callable[[], Path]) -> tuple[Path, Path]:
    """A corpus and an index whose second ingestion was killed at some moment after it began to read."""
    moment, data = random.Random(request.param), new_data()
    corpus = new_corpus({"reports.md": REPORTS})
    run(corpus, data)
    write_files(corpus, {"reports.md": REPORTS.replace("kangaroo", "platypus"), "visits.md": VISITS})
    command = [sys.executable, "-c", KILLED, str(corpus), str(data), DEFAULT_MODEL]
    with subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        for _ in range(moment.randint(1, 5)):  # two files read, the model loaded, passages embedded, blocks embedded
            process.stdout.readline()
        time.sleep(moment.uniform(0, 0.25))
        process.kill()
    return corpus, data


def test_after_a_killed_ingestion_the_old_index_answers_or_the_new_one_whole(killed: tuple[Path, Path], search: Search) -> None:
    found = texts(search(killed[1], "Which animal does the report name?"))
    assert ("kangaroo" in found) != ("platypus" in found)


def test_the_run_after_a_killed_ingestion_completes_it(killed: tuple[Path, Path], search: Search) -> None:
    run(*killed)
    found = texts(search(killed[1], "Which animal does the report name, and who pays for the travel?"))
    assert ("kangaroo" in found, "platypus" in found, "pays for the travel" in found) == (False, True, True)
