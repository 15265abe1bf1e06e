"""`guidance eval compare`: two scored runs side by side."""

import json
from pathlib import Path

import click


@click.command("compare")
@click.argument("a", metavar="A", type=click.Path(path_type=Path))
@click.argument("b", metavar="B", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def compare(a: Path, b: Path, as_json: bool) -> None:
    """Compare the scored run folders A and B: every figure with an interval of its difference, and the cases that turned."""
    from evals import compare as comparing
    from evals.compare_tables import print_comparison

    comparison = comparing.compare(comparing.read_scored(a), comparing.read_scored(b))
    if as_json:
        click.echo(json.dumps(comparison.as_json(), ensure_ascii=False, allow_nan=False))
    else:
        print_comparison(comparison)
