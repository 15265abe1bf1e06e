"""The process that reads: it holds the pool of confined workers, away from whatever program asked for the ingestion.

The caller's main module is never imported again (as `multiprocessing` would), so a script, a notebook and a page can all
ingest. Jobs come in and outcomes go out as pickles over pipes; when the caller ends, so does everything here.
"""

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from ingest.errors import ReadError
from ingest.prepare import Job, Limits, Prepared, Unread, prepare_all

GRACE_SECONDS = 120
"""Beyond a file's own limit: by then the pool itself has stopped working."""


def prepared(jobs: list[Job], limits: Limits = Limits()) -> Iterator[Prepared | Unread]:
    """Every job's outcome, in order."""
    if not jobs:
        return
    own = str(Path(__file__).resolve().parent.parent)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (own, os.environ.get("PYTHONPATH"))))}
    command = [sys.executable, "-P", "-m", "ingest.worker"]  # -P: nothing is imported from the folder that the caller stands in
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as process:
        try:
            pickle.dump((jobs, limits), process.stdin)
            process.stdin.flush()
            for job in jobs:
                watchdog = threading.Timer(limits.seconds + GRACE_SECONDS, process.kill)
                watchdog.daemon = True
                watchdog.start()
                outcome = _received(process, job)
                watchdog.cancel()
                yield outcome
        finally:
            process.kill()


def _received(process: subprocess.Popen, job: Job) -> Prepared | Unread:
    try:
        return pickle.load(process.stdout)
    except (EOFError, pickle.UnpicklingError):
        return Unread(job.source, ReadError(f"{job.source.path} was not read: the reading process ended. Run guidance ingest again."), 0.0)


def main() -> None:
    """Read jobs from standard input and write outcomes to standard output until the jobs or the caller end."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library that prints must not break the pickles
    jobs, limits = pickle.load(sys.stdin.buffer)
    threading.Thread(target=_end_with_caller, daemon=True).start()
    for outcome in prepare_all(jobs, limits):
        pickle.dump(outcome, out)
        out.flush()


def _end_with_caller() -> None:
    with contextlib.suppress(OSError):
        while sys.stdin.buffer.read(1):
            pass
    os._exit(1)


if __name__ == "__main__":
    main()
