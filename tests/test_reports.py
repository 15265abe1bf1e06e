"""What an ingestion says of itself: the lines of --json, exit codes, the log, who waits for whom, and what is refused."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ENTRY, ROOT, environment, pdf_of, write_files

from assistant.search import Hit
from ingest.embed import DEFAULT_MODEL
from ingest.errors import IndexUnwritable, ManifestError
from ingest.lock import sole_writer
from ingest.manifest import load_manifest
from ingest.pipeline import IngestReport, ingest
from ingest.report import FileReport

Done = subprocess.CompletedProcess
NewCorpus = Callable[..., Path]
Search = Callable[..., tuple[Hit, ...]]

VISITS = "# Visits\n\nEvery partner may ask for one visit in each year. The visitor pays for the travel.\n"
REPORTS = "# Reports\n\nA report is due in the month of March. It names the kangaroo of the year.\n"
FIELDS = {"path", "status", "error", "message", "sections", "passages", "seconds"}
TOTALS = {"files", "added", "replaced", "unchanged", "removed", "failed", "passages", "seconds"}


def run(corpus: Path, data: Path) -> IngestReport:
    """Ingest with the default model."""
    return ingest(corpus, data, DEFAULT_MODEL)


def row(source_id: str, path: str, **fields: str) -> str:
    """A row of sources.toml."""
    return "[[source]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in {"id": source_id, "path": path, **fields}.items())


def texts(hits: tuple[Hit, ...]) -> str:
    """All that was found, as one text."""
    return "\n".join(hit.text for hit in hits)


# The lines of --json


@pytest.fixture(scope="module")
def second(new_corpus: NewCorpus, new_data: Callable[[], Path], cli: Callable[..., Done]) -> tuple[Path, Path, Done]:
    """A corpus, its data folder, and what the command printed of a second run over one file of every outcome."""
    corpus, data = new_corpus({"same.md": VISITS, "deep/er/changed.md": REPORTS, "gone.md": "# Gone\n\nThis leaves.\n"}), new_data()
    run(corpus, data)
    (corpus / "gone.md").unlink()
    files = {"deep/er/changed.md": REPORTS.replace("kangaroo", "platypus"), "new.md": "# New\n\nThis comes.\n", "torn.pdf": b"%PDF-1.7 torn", "odd.xyz": "Words."}
    write_files(corpus, files)
    return corpus, data, cli("ingest", "--json", "--corpus", corpus, "--data", data)


@pytest.fixture(scope="module")
def lines(second: tuple[Path, Path, Done]) -> list[dict]:
    """The lines that the second run printed."""
    return [json.loads(line) for line in second[2].stdout.splitlines()]


def test_every_file_has_one_line_with_what_became_of_it(lines: list[dict]) -> None:
    found = {line["path"]: (line["status"], line["error"]) for line in lines[:-1]}
    assert found == {
        "same.md": ("unchanged", None),
        "deep/er/changed.md": ("replaced", None),
        "gone.md": ("removed", None),
        "new.md": ("added", None),
        "torn.pdf": ("failed", "damaged"),
        "odd.xyz": ("failed", "unsupported"),
    }


def test_every_line_has_the_fields_of_the_contract(lines: list[dict]) -> None:
    assert {frozenset(line) for line in lines[:-1]} == {frozenset(FIELDS)} and len(lines) == 7


def test_the_fields_of_a_line_have_their_types(lines: list[dict]) -> None:
    types = {(type(line["sections"]), type(line["passages"]), type(line["seconds"])) for line in lines[:-1]}
    assert types == {(int, int, float)}


def test_the_last_line_holds_the_totals(lines: list[dict]) -> None:
    total = lines[-1]["total"]
    counts = {"files": 6, "added": 1, "replaced": 1, "unchanged": 1, "removed": 1, "failed": 2, "passages": sum(line["passages"] for line in lines[:-1])}
    assert set(lines[-1]) == {"total"} and set(total) == TOTALS and {key: total[key] for key in counts} == counts


def test_a_file_that_was_read_has_sections_and_passages_and_one_that_was_not_has_none(lines: list[dict]) -> None:
    assert {line["path"] for line in lines[:-1] if line["sections"] and line["passages"]} == {"same.md", "deep/er/changed.md", "new.md"}


def test_a_failure_says_why_and_a_success_says_nothing(lines: list[dict]) -> None:
    assert {line["path"] for line in lines[:-1] if line["message"]} == {"torn.pdf", "odd.xyz"}


def test_nothing_but_the_lines_goes_to_standard_output(second: tuple[Path, Path, Done]) -> None:
    assert all(line.startswith("{") for line in second[2].stdout.splitlines()) and "Traceback" not in second[2].stderr


def test_a_file_that_should_have_been_read_makes_the_exit_code_1(second: tuple[Path, Path, Done]) -> None:
    assert second[2].returncode == 1


def test_an_unknown_type_alone_leaves_the_exit_code_0(new_corpus: NewCorpus, fresh_data: Path, cli: Callable[..., Done]) -> None:
    done = cli("ingest", "--json", "--corpus", new_corpus({"visits.md": VISITS, "odd.xyz": "Words."}), "--data", fresh_data)
    assert (done.returncode, json.loads(done.stdout.splitlines()[-1])["total"]["failed"]) == (0, 1)


def test_a_third_run_calls_everything_unchanged_and_still_names_the_failures(second: tuple[Path, Path, Done]) -> None:
    found = {f.path: f.status for f in run(*second[:2]).files}
    assert found == {"same.md": "unchanged", "deep/er/changed.md": "unchanged", "new.md": "unchanged", "torn.pdf": "failed", "odd.xyz": "failed"}


@pytest.mark.parametrize("part", [r"parsed and split: new\.md: 1 sections", r"embedded and written: new, \d+ passages", r"parsed and split: torn\.pdf: failed \(damaged\)", "searchable: generation"])
def test_the_log_holds_the_stages_of_a_file(second: tuple[Path, Path, Done], part: str) -> None:
    assert re.search(part, (second[1] / "ingest.log").read_text(encoding="utf-8"))


def test_the_log_holds_the_reason_of_every_failure(second: tuple[Path, Path, Done], lines: list[dict]) -> None:
    log = (second[1] / "ingest.log").read_text(encoding="utf-8")
    assert [line["path"] for line in lines[:-1] if line["error"] and line["message"] not in log] == []


# A file that cannot be read any more


@pytest.fixture(scope="module")
def locked(new_corpus: NewCorpus, new_data: Callable[[], Path]) -> tuple[Path, Path, FileReport]:
    """A corpus, its index, and the report on a PDF that was readable and then asked for a password."""
    corpus, data = new_corpus({"visits.pdf": pdf_of(["The visitor pays for the travel of the kangaroo."]), "reports.md": REPORTS}), new_data()
    run(corpus, data)
    write_files(corpus, {"visits.pdf": pdf_of(["The visitor pays for nothing."], password="secret")})
    return corpus, data, next(f for f in run(corpus, data).files if f.path == "visits.pdf")


def test_a_file_that_has_become_unreadable_is_failed_and_says_that_its_last_version_answers(locked: tuple[Path, Path, FileReport]) -> None:
    assert (locked[2].status, locked[2].error, "the last version that could be read keeps answering" in locked[2].message) == ("failed", "encrypted", True)


def test_its_last_version_keeps_answering(locked: tuple[Path, Path, FileReport], search: Search) -> None:
    assert "travel of the kangaroo" in texts(search(locked[1], "Who pays for the travel?"))


def test_the_run_after_says_the_same_and_keeps_it(locked: tuple[Path, Path, FileReport]) -> None:
    again = run(*locked[:2])
    assert (again.changed, [f.error for f in again.files if f.path == "visits.pdf"], len(again.catalogue.entries)) == (False, ["encrypted"], 2)


def test_another_change_in_the_folder_does_not_lose_it(locked: tuple[Path, Path, FileReport], search: Search) -> None:
    corpus, data, _ = locked
    write_files(corpus, {"more.md": "# More\n\nMore words.\n"})
    run(corpus, data)
    assert "travel of the kangaroo" in texts(search(data, "Who pays for the travel?"))


def test_once_it_is_readable_again_it_is_replaced(locked: tuple[Path, Path, FileReport], search: Search) -> None:
    corpus, data, _ = locked
    write_files(corpus, {"visits.pdf": pdf_of(["The visitor pays for the travel of the platypus."])})
    report = run(corpus, data)
    found = texts(search(data, "Who pays for the travel?"))
    statuses = [f.status for f in report.files if f.path == "visits.pdf"]
    assert (statuses, "travel of the platypus" in found, "travel of the kangaroo" in found) == (["replaced"], True, False)


# What is refused by name

REFUSED = {
    "above the folder": (row("a", "../x.md"), "a: path = '../x.md' leads out of the corpus folder"),
    "above by a detour": (row("a", "deep/../../x.md"), "leads out of the corpus folder"),
    "absolute": (row("a", "/etc/passwd"), "a: path = '/etc/passwd' leads out of the corpus folder"),
    "above with backslashes": (row("a", "..\\x.md"), "leads out of the corpus folder"),
    "a drive": (row("a", "C:\\x.md"), "leads out of the corpus folder"),
    "a drive with slashes": (row("a", "c:/x.md"), "leads out of the corpus folder"),
    "another machine": (row("a", "\\\\server\\x.md"), "leads out of the corpus folder"),
    "two rows of one id": (row("a", "visits.md") + row("a", "b.md"), "two rows have id = 'a'"),
    "one file in two ways": (row("a", "visits.md") + row("b", ".\\visits.md"), "two rows have path = 'visits.md'"),
    "a circle of two": (row("a", "a.md", replaced_by="b") + row("b", "b.md", replaced_by="a"), "a is replaced by b is replaced by a"),
    "a circle of three behind one": (
        row("d", "d.md", replaced_by="a") + row("a", "a.md", replaced_by="b") + row("b", "b.md", replaced_by="c") + row("c", "c.md", replaced_by="a"),
        "a is replaced by b is replaced by c is replaced by a",
    ),
    "itself": (row("a", "a.md", replaced_by="a"), "a is replaced by a"),
}


@pytest.mark.parametrize(("manifest", "sentence"), REFUSED.values(), ids=REFUSED)
def test_a_row_that_cannot_be_meant_is_named_and_refused(new_corpus: NewCorpus, manifest: str, sentence: str) -> None:
    with pytest.raises(ManifestError) as error:
        load_manifest(new_corpus({"visits.md": VISITS, "sources.toml": manifest}))
    assert sentence in str(error.value)


def test_a_row_that_names_the_folder_itself_is_refused(new_corpus: NewCorpus) -> None:
    with pytest.raises(ManifestError):
        load_manifest(new_corpus({"visits.md": VISITS, "sources.toml": row("a", ".")}))


def test_backslashes_inside_the_folder_are_understood(new_corpus: NewCorpus) -> None:
    assert load_manifest(new_corpus({"deep/a.md": VISITS, "sources.toml": row("a", "deep\\a.md")})).sources[0].path == "deep/a.md"


@pytest.fixture(scope="module")
def linked(new_corpus: NewCorpus, new_data: Callable[[], Path]) -> IngestReport:
    """A run over a folder with links: a row's and a loose one out of it, one inside it, one that leads nowhere, and one to a folder."""
    outside = new_corpus({"secret.md": "# Secret\n\nThe wombat is paid.\n"})
    corpus = new_corpus({"visits.md": VISITS, "sources.toml": row("told", "told.md") + row("nowhere", "nowhere.md")})
    links = {"told.md": outside / "secret.md", "untold.md": outside / "secret.md", "inside.md": corpus / "visits.md", "nowhere.md": corpus / "none.md", "folder": outside}
    for name, target in links.items():
        (corpus / name).symlink_to(target)
    return run(corpus, new_data())


@pytest.mark.parametrize("name", ["told.md", "untold.md"])
def test_a_link_out_of_the_folder_is_named_and_refused(linked: IngestReport, name: str) -> None:
    (found,) = (f for f in linked.files if f.path == name)
    assert (found.status, found.error, name in found.message) == ("failed", "outside", True)


def test_nothing_behind_a_link_out_of_the_folder_is_indexed(linked: IngestReport) -> None:
    assert {e.source.path for e in linked.catalogue.entries} == {"visits.md", "inside.md"}


def test_a_link_that_leads_nowhere_is_a_missing_file(linked: IngestReport) -> None:
    assert [f.error for f in linked.files if f.path == "nowhere.md"] == ["missing"]


def test_a_linked_folder_is_not_passed_over_in_silence(linked: IngestReport) -> None:
    assert [f.path for f in linked.files if f.path.startswith("folder")] != []


def limited(corpus: Path, data: Path, seconds: float) -> Done:
    """The command, ended when it takes longer."""
    return subprocess.run([*ENTRY, "ingest", "--json", "--corpus", str(corpus), "--data", str(data)], cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=seconds)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_row_that_names_a_pipe_does_not_stop_the_run(new_corpus: NewCorpus, fresh_data: Path) -> None:
    corpus = new_corpus({"visits.md": VISITS, "sources.toml": row("a", "pipe.md")})
    os.mkfifo(corpus / "pipe.md")
    assert "Traceback" not in limited(corpus, fresh_data, 8).stderr


def test_a_row_whose_path_holds_a_nul_is_a_sentence(new_corpus: NewCorpus, fresh_data: Path) -> None:
    assert "Traceback" not in limited(new_corpus({"visits.md": VISITS, "sources.toml": row("a", "x\0.md")}), fresh_data, 60).stderr


@pytest.mark.skipif(sys.platform != "linux", reason="a name that is no UTF-8 can be made on Linux alone")
def test_a_file_name_that_is_no_utf8_does_not_end_the_run(new_corpus: NewCorpus, fresh_data: Path) -> None:
    corpus = new_corpus({"visits.md": VISITS})
    Path(os.fsdecode(os.fsencode(corpus) + b"/caf\xe9.md")).write_text("# Menu\n\nThe soup is hot.\n")
    done = limited(corpus, fresh_data, 60)
    assert "Traceback" not in done.stderr and '"visits.md", "status": "added"' in done.stdout


# Two at once


def test_the_second_of_two_waits_and_says_for_which_process(fresh_data: Path) -> None:
    said: list[str] = []
    with sole_writer(fresh_data, said.append), pytest.raises(IndexUnwritable) as error, sole_writer(fresh_data, said.append, seconds=0.1):
        pass
    assert f"waiting for another ingestion (process {os.getpid()} on " in said[0] and f"process {os.getpid()}" in str(error.value)


def test_the_second_ingestion_goes_on_when_the_first_has_ended(new_corpus: NewCorpus, fresh_data: Path, cli: Callable[..., Done]) -> None:
    command = [*ENTRY, "ingest", "--json", "--corpus", str(new_corpus({"visits.md": VISITS})), "--data", str(fresh_data)]
    with sole_writer(fresh_data, lambda _: None):
        process = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(2.5)
        waiting = process.poll() is None and not (fresh_data / "current.json").exists()
    out, err = process.communicate(timeout=60)
    assert (waiting, process.returncode, '"status": "added"' in out) == (True, 0, True)


def test_the_command_says_for_whom_it_waits_where_there_is_no_terminal(new_corpus: NewCorpus, fresh_data: Path) -> None:
    command = [*ENTRY, "ingest", "--json", "--corpus", str(new_corpus({"visits.md": VISITS})), "--data", str(fresh_data)]
    with sole_writer(fresh_data, lambda _: None):
        process = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(2.5)
    assert f"process {os.getpid()}" in process.communicate(timeout=60)[1]


# Alike, and the manifest alone


@pytest.fixture(scope="module")
def twins(new_corpus: NewCorpus, new_data: Callable[[], Path]) -> tuple[Path, Path]:
    """A folder, not yet ingested, with a document, its copy, its next edition, and another."""
    sentences = [f"Partner number {n} sends its report of the work in month {n} to the office in town {n}." for n in range(30)]
    words = "# Reports\n\n" + " ".join(sentences)
    return new_corpus({"first.md": words, "copy.md": words, "second.md": words + " A new sentence closes it.\n", "visits.md": VISITS}), new_data()


@pytest.fixture(scope="module")
def told(twins: tuple[Path, Path], cli: Callable[..., Done]) -> str:
    """What the command printed of the twins, in one line."""
    return " ".join(cli("ingest", "--corpus", twins[0], "--data", twins[1]).stdout.split())


def test_the_same_text_twice_is_reported(told: str) -> None:
    assert "copy and first have the same text. Remove one with: guidance sources remove first" in told


def test_nearly_the_same_text_is_reported_with_its_share(told: str) -> None:
    assert re.search(r"first and second are alike \(9\d% of their wording\)|copy and second are alike \(9\d% of their wording\)", told)


def test_documents_that_have_little_in_common_are_not_reported(told: str) -> None:
    assert "visits are alike" not in told and "and visits" not in told


def test_an_edition_that_the_manifest_calls_replaced_is_not_reported(new_corpus: NewCorpus, fresh_data: Path, twins: tuple[Path, Path]) -> None:
    files = {name: (twins[0] / name).read_text() for name in ("first.md", "second.md")}
    corpus = new_corpus({**files, "sources.toml": row("first", "first.md", status="superseded", replaced_by="second")})
    assert run(corpus, fresh_data).alike == ()


def test_a_new_title_in_the_manifest_is_taken_over_without_embedding(new_corpus: NewCorpus, fresh_data: Path) -> None:
    corpus = new_corpus({"visits.md": VISITS, "sources.toml": row("visits", "visits.md", title="Old title")})
    run(corpus, fresh_data)
    write_files(corpus, {"sources.toml": row("visits", "visits.md", title="New title")})
    report = run(corpus, fresh_data)
    assert (report.embedded, report.changed, report.catalogue.entry("visits", "staff").source.title) == (0, True, "New title")
