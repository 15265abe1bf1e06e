"""The processes that read: what one file may cost, what ends them, and who may start them. Every file here is real and hostile."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import ENTRY, ROOT, Files, environment, pdf_of, write_files

from ingest.embed import DEFAULT_MODEL
from ingest.manifest import Source
from ingest.pipeline import ingest
from ingest.prepare import Job, Limits, Prepared, Unread
from ingest.worker import prepared

pytestmark = pytest.mark.slow
Outcome = Prepared | Unread

OK = "# Visits\n\nEvery partner may ask for one visit in each year.\n"
SLOW = "This is a sentence of the policy, which holds unless another one does. " * 200_000
ENDLESS = "# " + " " * 500_000 + "x\n\nWords that nobody reaches.\n"
"""A heading that the search for a title walks through once for each of its spaces."""
LARGE = "This is a sentence of the policy. " * 400_000
NESTED = "<html><body>" + "<div>" * 3_000 + "words are here" + "</div>" * 3_000 + "</body></html>"

on_linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")


def jobs(corpus: Path, *names: str) -> list[Job]:
    """A job for each file of a folder, in this order."""
    return [Job(Source(id=name, path=name), corpus) for name in names]


def codes(outcomes: list[Outcome]) -> list[str]:
    """`text` for what could be read, else the error's code."""
    return [outcome.error.code if isinstance(outcome, Unread) else "text" for outcome in outcomes]


@pytest.fixture
def outcomes(tmp_path: Path) -> Callable[..., list[Outcome]]:
    """Reads files, given as words, one after another within limits."""

    def read_all(files: Files, limits: Limits) -> list[Outcome]:
        write_files(tmp_path, files)
        return list(prepared(jobs(tmp_path, *files), limits))

    return read_all


def loop_of_pages() -> bytes:
    """A PDF whose page tree holds itself."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 9 >>", "<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 9 >>"]
    body, places = b"%PDF-1.7\n", []
    for number, words in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{words}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return body + f"xref\n0 4\n0000000000 65535 f \n{table}trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n".encode()


# What one file may cost


def test_a_file_over_its_time_is_a_timeout_and_the_next_is_read(outcomes: Callable) -> None:
    assert codes(outcomes({"slow.txt": SLOW, "ok.md": OK}, Limits(seconds=0.4, workers=1))) == ["timeout", "text"]


def test_a_pdf_over_its_time_is_a_timeout(outcomes: Callable) -> None:
    pages = ["Every partner may ask for one visit in each year. " * 40] * 60
    assert codes(outcomes({"long.pdf": pdf_of(pages), "ok.md": OK}, Limits(seconds=0.4, workers=1))) == ["timeout", "text"]


def test_a_reader_caught_in_one_long_step_is_ended_in_time(outcomes: Callable) -> None:
    assert codes(outcomes({"endless.md": ENDLESS, "ok.md": OK}, Limits(seconds=0.4, workers=1))) == ["timeout", "text"]


def test_the_error_names_the_file_and_the_limit_of_time(outcomes: Callable) -> None:
    (found,) = outcomes({"endless.md": ENDLESS}, Limits(seconds=1))
    assert str(found.error).startswith("endless.md took longer than 1 seconds to read.")


def test_a_file_over_its_memory_is_too_large_and_the_next_is_read(outcomes: Callable) -> None:
    found = outcomes({"large.txt": LARGE, "ok.md": OK}, Limits(memory=120 * 2**20, workers=1))
    assert (codes(found), "needs more than 120 MiB of memory" in str(found[0].error)) == (["too_large", "text"], True)


@pytest.mark.parametrize(("name", "content"), [("nested.html", NESTED), ("loop.pdf", loop_of_pages())], ids=["nested tags", "a page tree in a circle"])
def test_a_file_that_holds_itself_or_is_nested_without_end_is_text_or_a_named_error(outcomes: Callable, name: str, content: str | bytes) -> None:
    first, second = codes(outcomes({name: content, "ok.md": OK}, Limits(seconds=20, workers=1)))
    assert first in ("text", "damaged", "empty", "timeout", "too_large") and second == "text"


def test_outcomes_come_in_the_order_of_the_jobs(outcomes: Callable) -> None:
    files = {"z-first.txt": SLOW[:300_000], "torn.pdf": b"%PDF-1.7 torn", "a.md": OK, "none.txt": b"", "b.md": OK}
    found = outcomes(files, Limits(workers=2))
    named = [(o.source if isinstance(o, Unread) else o.document.source).path for o in found]
    assert named == list(files) and codes(found) == ["text", "damaged", "text", "empty", "text"]


def test_no_jobs_start_nothing() -> None:
    assert list(prepared([])) == []


# What ends them


@dataclass(frozen=True, slots=True)
class Process:
    """A line of /proc: a process that has not ended; `busy` are the seconds that it has computed."""

    pid: int
    parent: int
    session: int
    busy: float
    command: str


def processes() -> list[Process]:
    """Every process of the machine but those that have ended and were not collected."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (OSError, IndexError):
            continue
        if fields[0] not in "ZX":
            found.append(Process(int(folder.name), int(fields[1]), int(fields[3]), int(fields[11]) / os.sysconf("SC_CLK_TCK"), command))
    return found


def of_session(session: int) -> list[Process]:
    """The processes of a session: a caller and all that it started."""
    return [process for process in processes() if process.session == session]


def reader_of(session: int) -> Process | None:
    """A pool's worker in a session, once it has been at its file for a while."""
    servers = {p.pid for p in of_session(session) if "forkserver" in p.command}
    return next((p for p in of_session(session) if p.parent in servers and p.busy > 0.3), None)


def within(seconds: float, found: Callable[[], object]) -> object:
    """What `found` returns as soon as that is true, or at the end."""
    until = time.monotonic() + seconds
    while not (value := found()) and time.monotonic() < until:
        time.sleep(0.02)
    return value


CALLER = """
import sys
from pathlib import Path
from ingest.manifest import Source
from ingest.prepare import Job, Limits, Unread
from ingest.worker import prepared
jobs = [Job(Source(id=name, path=name), Path(sys.argv[1])) for name in sys.argv[2:]]
for outcome in prepared(jobs, Limits(workers=1)):
    print(f"{outcome.error.code}: {outcome.error}" if isinstance(outcome, Unread) else "text", flush=True)
"""


@contextmanager
def caller(corpus: Path, *names: str) -> Iterator[subprocess.Popen]:
    """A program that has these files read, in a session of its own, once its reader is at the first."""
    command = [sys.executable, "-c", CALLER, str(corpus), *names]
    with subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            assert within(30, lambda: reader_of(process.pid))
            yield process
        finally:
            for left in of_session(process.pid):
                os.kill(left.pid, signal.SIGKILL)


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A folder with a good file, a slow one and an endless one."""
    write_files(tmp_path, {"ok.md": OK, "slow.txt": SLOW * 5, "endless.md": ENDLESS})
    return tmp_path


@on_linux
@pytest.mark.parametrize("name", ["slow.txt", "endless.md"])
def test_a_caller_that_is_killed_leaves_no_reader_behind(hostile: Path, name: str) -> None:
    with caller(hostile, name) as process:
        process.kill()
        process.wait()
        time.sleep(2)
        assert [left.command for left in of_session(process.pid)] == []


@on_linux
def test_a_reader_that_is_killed_costs_its_own_file_and_no_other(hostile: Path) -> None:
    with caller(hostile, "endless.md", "ok.md") as process:
        os.kill(reader_of(process.pid).pid, signal.SIGKILL)
        first, second = process.stdout.readline(), process.stdout.readline()
    assert (first.startswith("damaged: endless.md made its reader break off"), second) == (True, "text\n")


@on_linux
def test_without_its_reading_process_a_caller_still_gets_an_outcome_for_every_file(hostile: Path) -> None:
    with caller(hostile, "endless.md", "ok.md") as process:
        (pool,) = (p for p in of_session(process.pid) if "-m ingest.worker" in p.command)
        os.kill(pool.pid, signal.SIGKILL)
        said = [process.stdout.readline() for _ in range(2)]
    assert [line.split(":")[0] for line in said] == ["unreadable", "unreadable"]


@on_linux
def test_a_caller_that_stops_listening_leaves_no_reader_behind(hostile: Path) -> None:
    listening = prepared(jobs(hostile, "ok.md", "slow.txt"), Limits(workers=1))
    next(listening)
    pool = next(p for p in processes() if p.parent == os.getpid() and "-m ingest.worker" in p.command)
    servers = [p.pid for p in processes() if p.parent == pool.pid]
    started = {pool.pid, *servers, *(p.pid for p in processes() if p.parent in servers)}
    listening.close()
    within(2, lambda: not started & {p.pid for p in processes()})
    assert len(started) >= 3 and started & {p.pid for p in processes()} == set()


@pytest.fixture
def broken_off(hostile: Path, fresh_data: Path) -> tuple[Path, Path]:
    """A corpus of one endless file and its index, made by a run whose reading process was killed, as for want of memory."""
    (hostile / "slow.txt").unlink()
    command = [*ENTRY, "ingest", "--corpus", str(hostile), "--data", str(fresh_data)]
    with subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True) as process:
        assert within(30, lambda: reader_of(process.pid))
        os.kill(next(p.pid for p in of_session(process.pid) if "-m ingest.worker" in p.command), signal.SIGKILL)
    return hostile, fresh_data


@on_linux
def test_what_a_killed_reading_process_did_not_read_is_read_by_the_next_run(broken_off: tuple[Path, Path]) -> None:
    report = ingest(*broken_off, DEFAULT_MODEL, limits=Limits(seconds=1))
    assert [(f.path, f.error) for f in report.files] == [("endless.md", "timeout"), ("ok.md", None)]


# Who may start them

PROGRAM = """
import sys
from pathlib import Path
from ingest.pipeline import ingest
report = ingest(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
print([(f.path, f.status) for f in report.files])
"""


@pytest.mark.parametrize(("way", "stdin"), [(["-c", PROGRAM], None), (["-"], PROGRAM)], ids=["python -c", "a program on standard input"])
def test_a_program_without_a_file_can_ingest(new_corpus: Callable[..., Path], fresh_data: Path, way: list[str], stdin: str | None) -> None:
    command = [sys.executable, *way, str(new_corpus({"ok.md": OK})), str(fresh_data), DEFAULT_MODEL]
    done = subprocess.run(command, cwd=ROOT, env=environment(), input=stdin, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (0, "[('ok.md', 'added')]\n"), done.stderr


def test_a_program_without_a_guard_around_its_main_part_can_have_files_read(hostile: Path) -> None:
    (hostile / "program.py").write_text(CALLER)
    done = subprocess.run([sys.executable, str(hostile / "program.py"), str(hostile), "ok.md"], env=environment() | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("text\n", "")


@pytest.mark.parametrize("name", ["ingest.py", "pickle.py"])
def test_no_python_file_of_the_folder_where_one_stands_is_run(hostile: Path, name: str) -> None:
    (hostile / name).write_text("open('ran', 'w').close()\nraise SystemExit\n")
    (hostile / "programs").mkdir()
    (hostile / "programs" / "caller.py").write_text(CALLER)
    command = [sys.executable, str(hostile / "programs" / "caller.py"), str(hostile), "ok.md"]
    done = subprocess.run(command, cwd=hostile, env=environment() | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60)
    assert (done.stdout, (hostile / "ran").exists()) == ("text\n", False)
