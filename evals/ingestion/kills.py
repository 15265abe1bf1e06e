"""Kill real ingestions at random moments while a second process asks, and look at what is left each time."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.settings import ROOT
from evals.ingestion.process import FIRST_WRITE, LAST_WRITE, LogLine, finish, ingest_command, members, read_log, start, time_of
from evals.ingestion.left import Fault, Kind, Rows, expected_rows, index_faults, left_behind, version_in
from evals.ingestion.growing import FIRST_NUMBER, Version, changed, first_version, write_version
from ingest.errors import CasesError
from ingest.logfile import NAME

GRACE_SECONDS, TICK = 5.0, 0.003
INSIDE_SHARE, SWITCHING_SHARE = 0.65, 0.1
COMPLETE_SHARE, UNDO_SHARE = 0.4, 0.15

KINDS: tuple[Kind, ...] = ("wrong", "lost", "duplicated", "left behind", "orphan")


@dataclass(frozen=True, slots=True)
class Plan:
    """How many kills, the seed of all that is random, and the size of the corpus as a fraction of 36 documents."""

    kills: int = 200
    seed: int = 1
    fraction: float = 1.0


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds that a run takes from its first line in the log to its first write, from there to its last one, and from there to its end."""

    before: float
    writing: float
    after: float


@dataclass(frozen=True, slots=True)
class Round:
    """One run: what was found afterwards; whether it was killed, between first and last write, with its group; its pace if it ended."""

    faults: tuple[Fault, ...]
    killed: bool = False
    inside: bool = False
    group: bool = False
    pace: Pace | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """All rounds, and what the second process says: questions by way of asking, those declined, and wrong answers."""

    rounds: tuple[Round, ...]
    questions: dict[str, int]
    declined: dict[str, int]
    wrong: tuple[str, ...]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Everything that must not be."""
        return (*(f for r in self.rounds for f in r.faults), *(Fault("wrong", 1, reason) for reason in self.wrong))

    @property
    def passed(self) -> bool:
        """Whether nothing was wrong, and at least half of the kills were between first and last write."""
        killed = [r for r in self.rounds if r.killed]
        return not self.faults and 2 * sum(r.inside for r in killed) >= len(killed)


class Stage:
    """The folders of a trial and what they hold: the corpus, the index, and the journal that the second process reads."""

    def __init__(self, work: Path, plan: Plan, models: Path) -> None:
        self.corpus, self.data, self.journal, self.output = (work / name for name in ("corpus", "data", "journal", "output"))
        self.chance = random.Random(plan.seed)
        self.current = self.wanted = first_version(plan.fraction)
        self.fresh = FIRST_NUMBER + 1000
        self.rows: dict[tuple[str, int], Rows] = {}
        self.corpus.mkdir()
        self.data.mkdir()
        if models.is_dir():
            shutil.copytree(models, self.data / "models")
        self.want(self.current)

    def want(self, version: Version) -> None:
        """Make the corpus this version, which the next finished run has to bring."""
        self.wanted = version
        write_version(self.corpus, version)
        self.rows |= {(name, version[name]): rows for name, rows in expected_rows(self.corpus).items()}

    def change(self) -> None:
        """Make the corpus another version."""
        version = changed(self.wanted, self.fresh, self.chance)
        self.fresh += len(version)
        self.want(version)

    def settle(self) -> list[Fault]:
        """See which version answers now, whether all its rows are there, and let no other one answer."""
        found = version_in(self.data, (self.wanted, self.current))
        if found is None:
            return [Fault("wrong", 1, "the catalogue is of no version that was ingested")]
        self.current = found
        self._note([found])
        return index_faults(self.data, found, {name: self.rows[name, number] for name, number in found.items()})

    def start(self) -> subprocess.Popen[bytes]:
        """Start an ingestion with a log of its own; from now on the wanted version may answer, too."""
        self._note([self.current, self.wanted])
        for path in self.data.glob(f"{NAME}*"):
            path.unlink()
        return start(ingest_command(self.corpus, self.data), self.output)

    def _note(self, versions: list[Version]) -> None:
        with self.journal.open("a", encoding="utf-8") as file:
            file.write(json.dumps(versions) + "\n")


def run(plan: Plan, models: Path, progress: Callable[[int], None] = lambda _: None) -> Trial:
    """The whole trial; `models` is a folder of the exported model, copied if it is there. `progress` hears the kills so far."""
    with tempfile.TemporaryDirectory() as made:
        stage = Stage(Path(made), plan, models)
        rounds = [complete(stage)]
        asker = _start_asker(stage)
        try:
            stage.change()
            rounds.append(complete(stage))
            _await_ready(asker)
            while (kills := sum(r.killed for r in rounds)) < plan.kills:
                progress(kills)
                rounds.append(kill(stage, rounds))
                if stage.chance.random() < COMPLETE_SHARE or not rounds[-1].killed:
                    if stage.chance.random() < UNDO_SHARE:
                        stage.want(stage.current)
                    rounds.append(complete(stage))
            rounds.append(complete(stage))
        finally:
            said, _ = asker.communicate()
        return _trial(rounds, said, asker.returncode)


def complete(stage: Stage) -> Round:
    """A run that nobody kills: the wanted version answers after it, and nothing else is left."""
    ended = finish(stage.start(), stage.output)
    faults = [*stage.settle(), *left_behind(stage.data)]
    if stage.current != stage.wanted:
        faults.append(Fault("wrong", 1, "a finished run left the version before it in place"))
    return Round(tuple(faults), pace=pace_of(read_log(stage.data), ended))


def kill(stage: Stage, rounds: list[Round]) -> Round:
    """Change the corpus, start a run and kill it, or only its main process, at a random moment."""
    stage.change()
    group = stage.chance.random() < 0.5
    words, delay = moment(rounds, stage.chance)
    process = stage.start()
    while words and process.poll() is None and time_of(read_log(stage.data), words) is None:
        time.sleep(TICK)
    try:
        process.wait(delay)
        return Round(tuple(stage.settle()))
    except subprocess.TimeoutExpired:
        (os.killpg if group else os.kill)(process.pid, signal.SIGKILL)
        died = time.monotonic()
    process.wait()
    lines = read_log(stage.data)
    inside = time_of(lines, FIRST_WRITE) is not None and time_of(lines, LAST_WRITE) is None
    faults = stage.settle()
    while (orphans := _orphans(process.pid)) and time.monotonic() < died + GRACE_SECONDS:
        time.sleep(0.05)
    return Round((*faults, *orphans), True, inside, group)


def moment(rounds: list[Round], chance: random.Random) -> tuple[str, float]:
    """A line of the log ("" for the start) and the seconds behind it at which to kill; mostly between the writes.

    Raises CasesError when no run's log told its pace.
    """
    pace = next((r.pace for r in reversed(rounds) if r.pace), None)
    if pace is None:
        raise CasesError(f"The log of an ingestion lacks {FIRST_WRITE!r} or {LAST_WRITE!r}. Mend evals/ingestion/process.py to fit ingest/pipeline.py.")
    killed = [r for r in rounds if r.killed]
    drawn = chance.random()
    if drawn < INSIDE_SHARE or 2 * sum(r.inside for r in killed) < len(killed):
        return FIRST_WRITE, chance.uniform(0, pace.writing)
    if drawn < INSIDE_SHARE + SWITCHING_SHARE:
        return LAST_WRITE, pace.after * chance.random() ** 3  # the switch is the first of what follows, and short
    return "", chance.uniform(0, pace.before + pace.writing + pace.after)


def pace_of(lines: list[LogLine], ended: float) -> Pace | None:
    """How long the parts of a finished run took; None when it wrote nothing."""
    first, last = time_of(lines, FIRST_WRITE), time_of(lines, LAST_WRITE)
    return Pace(first - lines[0].time, last - first, ended - last) if first and last else None


def print_kills(trial: Trial) -> None:
    """The counts, then every fault in a line of its own."""
    from rich.console import Console
    from rich.table import Table

    killed = [r for r in trial.rounds if r.killed]
    table = Table("What", "Here")
    table.add_row("kills, with the whole group", f"{len(killed)}, {sum(r.group for r in killed)}")
    table.add_row("kills between first and last write, by the log", str(sum(r.inside for r in killed)))
    table.add_row("runs that ended", str(len(trial.rounds) - len(killed)))
    table.add_row("questions meanwhile", ", ".join(f"{way} {count} ({trial.declined[way]} declined)" for way, count in trial.questions.items()))
    for kind in KINDS:
        table.add_row(kind, str(sum(f.count for f in trial.faults if f.kind == kind)))
    console = Console()
    console.print(table)
    for number, fault in enumerate(trial.faults, start=1):
        console.print(f"{number}. {fault.kind}: {fault.what}", highlight=False, markup=False)
    console.print("Nothing was wrong." if trial.passed else "Failed: a count that has to be 0 is not, or too few kills were between the writes.")


def _orphans(session: int) -> list[Fault]:
    """Processes of a killed run that still live; they are ended, so that the next round starts clean."""
    found = members(session)
    for process in found:
        os.kill(process.id, signal.SIGKILL)
    return [Fault("orphan", len(found), f"processes {', '.join(str(p.id) for p in found)} of run {session}")] if found else []


def _start_asker(stage: Stage) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "evals.ingestion.asker", str(stage.data), str(stage.journal)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _await_ready(asker: subprocess.Popen[str]) -> None:
    if asker.stdout is None or asker.stdout.readline() != "ready\n":
        asker.kill()
        raise CasesError("The process that asks did not start; its reason stands above. Mend that and try again.")


def _trial(rounds: list[Round], said: str, code: int) -> Trial:
    if code != 0:
        return Trial((*rounds, Round((Fault("wrong", 1, f"the process that asks ended with {code}"),))), {}, {}, ())
    found = json.loads(said)
    wrong = tuple(reason for asked in found.values() for reason in asked["wrong"])
    return Trial(tuple(rounds), *({way: asked[key] for way, asked in found.items()} for key in ("questions", "declined")), wrong)
