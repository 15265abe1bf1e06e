"""The scripts that made the shipped weights: each starts, and reads what was written for it as it should."""

import subprocess
import sys

import pytest

from assistant.settings import ROOT
from evals.training.written import read_written

WRITTEN = ROOT / "evals" / "training"


@pytest.mark.slow
@pytest.mark.parametrize("script", ["answerable", "encoder", "export", "reranker", "triage"])
def test_every_script_starts(script: str) -> None:
    done = subprocess.run((sys.executable, "-m", f"evals.training.{script}", "--help"), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]


def test_every_answer_is_a_unit_of_its_own_document_and_some_are_held_out() -> None:
    written = list(read_written(WRITTEN / "policies", WRITTEN / "sections"))
    assert len({document.name for document in written}) == len(written) > 700
    assert all(0 <= place < len(document.units) for document in written for asked in document.questions for place in asked.gold)
    assert 50 < sum(document.held_out for document in written) < 80
    assert sum(not asked.gold for document in written for asked in document.questions) > 2000
