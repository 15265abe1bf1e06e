"""Speed: what a person waits for, on the machine at hand. Nothing here is a promise about another one."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.chain import build
from assistant.retrieve import Turn
from assistant.settings import ROOT, Settings
from evals.cases import Case
from evals.metrics import percentile
from evals.run import WARM_UP, ask
from ingest.errors import CasesError

REPEATS = 3
HELP = (sys.executable, "-m", "assistant.cli", "--help")
NOTHING = (sys.executable, "-c", "pass")


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds, milliseconds and MiB as the names say; `help_ratio` is `guidance --help` over a Python that does nothing."""

    cold_start_s: float
    warm_p50_ms: float
    warm_p95_ms: float
    questions: int
    peak_memory_mib: float | None
    help_s: float
    help_ratio: float


def measure(cases: Sequence[Case], settings: Settings, progress: Callable[[int], None] = lambda _: None) -> Speed:
    """Time the help text, one question in a fresh process, then the cases' last questions in this one."""
    help_s, nothing_s = fastest(HELP), fastest(NOTHING)
    cold = fastest((sys.executable, "-m", "assistant.cli", "ask", WARM_UP, "--corpus", str(settings.corpus), "--data", str(settings.data)), repeats=1)
    guidance = build(settings)
    ask(guidance, Turn(WARM_UP))
    times = []
    for number, case in enumerate(cases, start=1):
        turn = Turn(case.question, case.turns[:-1], settings.allow(case.audience))
        times.append(ask(guidance, turn).latency_ms)
        progress(number)
    return Speed(cold, percentile(times, 0.5), percentile(times, 0.95), len(times), peak_memory_mib(), help_s, help_s / nothing_s)


def print_speed(speed: Speed) -> None:
    """What was measured, one line each."""
    from rich.console import Console
    from rich.table import Table

    table = Table("What", "Here")
    memory = "not known on this system" if speed.peak_memory_mib is None else f"{speed.peak_memory_mib:,.0f} MiB"
    table.add_row("first answer of a fresh process", f"{speed.cold_start_s:.1f} s")
    table.add_row(f"warm answer, median of {speed.questions}", f"{speed.warm_p50_ms:,.0f} ms")
    table.add_row("warm answer, 95th percentile", f"{speed.warm_p95_ms:,.0f} ms")
    table.add_row("peak memory of the warm process", memory)
    table.add_row("guidance --help", f"{speed.help_s:.2f} s, {speed.help_ratio:.1f} times a Python that does nothing")
    Console().print(table)


def fastest(command: Sequence[str], repeats: int = REPEATS) -> float:
    """The least of some wall-clock times of a process, in seconds: what else the machine does only adds."""
    return min(_seconds(command) for _ in range(repeats))


def peak_memory_mib() -> float | None:
    """The most memory this process has held at once (`ru_maxrss`); None where the system does not say."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10  # bytes on macOS, KiB elsewhere


def _seconds(command: Sequence[str]) -> float:
    started = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    elapsed = time.perf_counter() - started
    if done.returncode != 0:
        raise CasesError(f"{' '.join(command[1:])} ended with {done.returncode}: {done.stderr.strip()[-300:]} Mend that and measure again.")
    return elapsed
