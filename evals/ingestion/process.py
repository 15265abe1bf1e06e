"""`guidance ingest` as a process of its own, seen from outside: its log, the processes that it starts, their memory."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assistant.settings import ROOT
from ingest.errors import CasesError
from ingest.logfile import NAME

FIRST_WRITE, LAST_WRITE, SEARCHABLE = "first write to the index", "last write to the index", "searchable:"
LINE = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) (\d+) (.*)")
EMBEDDED = re.compile(r"embedded and written: .*, (\d+) passages$")
TEXTS = re.compile(rf"{SEARCHABLE} .*, (\d+) texts embedded$")
TICK = 0.01


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of `ingest.log`: seconds since the epoch, the process that wrote it, its words."""

    time: float
    process: int
    words: str


@dataclass(frozen=True, slots=True)
class Process:
    """A living process: its session, and the most memory that it has held, in MiB."""

    id: int
    session: int
    peak_mib: float


def ingest_command(corpus: Path, data: Path) -> list[str]:
    """The command line of an ingestion."""
    return [sys.executable, "-m", "assistant.cli", "ingest", "--json", "--corpus", str(corpus), "--data", str(data)]


def start(command: list[str], output: Path) -> subprocess.Popen[bytes]:
    """Start a command in a session of its own, so that what it starts can be found; its words go to a file."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GUIDANCE_")}
    with output.open("wb") as file:
        streams = {"stdin": subprocess.DEVNULL, "stdout": file, "stderr": subprocess.STDOUT}
        return subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True, **streams)


def finish(process: subprocess.Popen[bytes], output: Path, while_running: Callable[[], None] = lambda: None) -> float:
    """Wait for the end, calling `while_running` over and over; returns when it came. Raises CasesError for an exit code other than 0."""
    while process.poll() is None:
        while_running()
        time.sleep(TICK)
    ended = time.time()
    if process.returncode != 0:
        said = output.read_text(encoding="utf-8", errors="replace").strip()[-300:]
        raise CasesError(f"{' '.join(map(str, process.args))} ended with {process.returncode}: {said} Mend that and measure again.")
    return ended


def read_log(data: Path) -> list[LogLine]:
    """The log of a data folder, oldest line first; lines that are not whole are left out."""
    files = [data / f"{NAME}{suffix}" for suffix in (".2", ".1", "")]
    return [line for file in files if file.is_file() for line in parse_log(file.read_text(encoding="utf-8", errors="replace"))]


def parse_log(text: str) -> list[LogLine]:
    """The lines of a log."""
    found = (LINE.fullmatch(line) for line in text.splitlines())
    return [LogLine(datetime.strptime(f"{m[1]}000", "%Y-%m-%d %H:%M:%S,%f").timestamp(), int(m[2]), m[3]) for m in found if m]


def time_of(lines: list[LogLine], words: str) -> float | None:
    """When the last line that begins with these words was written."""
    return next((line.time for line in reversed(lines) if line.words.startswith(words)), None)


def texts_embedded(lines: list[LogLine]) -> int:
    """How many texts the last finished run embedded."""
    return next((int(m[1]) for m in (TEXTS.match(line.words) for line in reversed(lines)) if m), 0)


def written(lines: list[LogLine]) -> list[tuple[float, int]]:
    """Times with the passages stored until then, from the first write on.

    The documents of one window are stored together and logged in one burst: a point is the end of a burst.
    """
    points = [(line.time, 0) for line in lines if line.words.startswith(FIRST_WRITE)][-1:]
    for line in lines:
        if points and line.time >= points[0][0] and (match := EMBEDDED.match(line.words)):
            burst = len(points) > 1 and line.time - points[-1][0] < 2 * TICK
            point = (line.time, points[-1][1] + int(match[1]))
            points = [*points[:-1], point] if burst else [*points, point]
    return points


def rates(points: list[tuple[float, int]], parts: int) -> tuple[float, ...]:
    """Passages in a second in each of so many equal parts of all passages; empty where there are fewer points than parts."""
    import numpy as np

    if len(points) <= parts:
        return ()
    times, counts = zip(*points)
    bounds = np.interp(np.linspace(0, counts[-1], parts + 1), counts, times)
    return tuple(float(counts[-1] / parts / max(span, 1e-3)) for span in np.diff(bounds))


def members(session: int) -> list[Process]:
    """The living processes of a session. Raises CasesError where the system has no /proc."""
    return [process for process in _processes() if process.session == session]


def _processes() -> Iterator[Process]:
    if not Path("/proc/self/stat").is_file():
        raise CasesError("This system has no /proc, where the processes of a run are found. Measure on Linux.")
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, session = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
            peak = re.search(r"VmHWM:\s+(\d+) kB", (folder / "status").read_text())
        except (OSError, ValueError):  # it has ended meanwhile
            continue
        if state not in "ZX":
            yield Process(int(folder.name), int(session), int(peak[1]) / 2**10 if peak else 0.0)
