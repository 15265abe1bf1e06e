"""The subcommands of `guidance sources` that change something: replace, remove, use, fetch."""

import sys
from pathlib import Path

import click

from assistant.commands.options import folders, staff_settings
from assistant.settings import Settings
from ingest.errors import FetchError, GuidanceError, ReadError, SourceUnknown

ID = click.argument("source_id", metavar="ID")
CASES = click.option("--cases", type=click.Path(path_type=Path), help="Folder of evaluation cases to compare. Default: evals/cases.")
NO_CASES = click.option("--no-cases", is_flag=True, help="Do not ask the evaluation cases before and after.")


@click.command("remove")
@ID
@folders
def remove(source_id: str, corpus: Path | None, data: Path | None) -> None:
    """Take a document out of the index and mark its row `ignore = true`. The file itself stays."""
    from assistant.commands.ingest import run
    from ingest.catalogue import current_generation
    from ingest.edit import ignore, undone_on_error
    from ingest.health import Held
    from ingest.index import BOTH

    settings = staff_settings(corpus, data)
    with undone_on_error(settings.corpus):
        ignore(settings.corpus, source_id)
        run(settings, keep_previous=False)
    counts = [Held.of(current_generation(settings.data), audience).count(source_id) for audience in BOTH]
    click.echo(f"{source_id} is removed: {sum(v for v, _ in counts)} vectors and {sum(n for _, n in counts)} lexical entries are left.")
    click.echo("Its file stays. To bring it back, take the line ignore = true out of its row in sources.toml and run: guidance ingest")


@click.command("replace")
@ID
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--digest", is_flag=True, help="The new file is a summary in other words, too.")
@click.option("--published", help="When the new edition was published: YYYY, YYYY-MM or YYYY-MM-DD.")
@click.option("--version", help="The new edition's own version label.")
@click.option("--review-by", help="When the new edition is due for review.")
@CASES
@NO_CASES
@folders
def replace_source(
    source_id: str, file: Path, digest: bool, published: str | None, version: str | None, review_by: str | None,
    cases: Path | None, no_cases: bool, corpus: Path | None, data: Path | None,
) -> None:  # fmt: skip
    """Put FILE in the place of a document. The old file keeps a row as the document's history."""
    from ingest.edit import EDITION, Exchange, brought_in, find
    from ingest.manifest import load_manifest

    settings = staff_settings(corpus, data)
    source = find(load_manifest(settings.corpus), source_id)
    _check_readable(file)
    fields = tuple((key, value) for key, value in (("published", published), ("version", version), ("review_by", review_by)) if value)
    with brought_in(settings.corpus, file, Path(source.path)) as path:
        if path == source.path:
            raise click.UsageError(f"{file} is the present file of {source_id}. After editing it, run: guidance ingest")
        _exchange(settings, source_id, Exchange(path, digest, fields), None if no_cases else cases or _bundled_cases())
    if not source.digest and not published and any(getattr(source, field) for field in EDITION):
        click.echo(f"The old edition's date, version and review were taken out of the row of {source_id}: add the new ones to sources.toml.")


@click.command("use")
@ID
@click.argument("which", type=click.Choice(["original", "digest"]))
@CASES
@NO_CASES
@folders
def use(source_id: str, which: str, cases: Path | None, no_cases: bool, corpus: Path | None, data: Path | None) -> None:
    """Answer from a document's fetched ORIGINAL, or from its DIGEST again."""
    from ingest.edit import Exchange, find
    from ingest.manifest import load_manifest

    settings = staff_settings(corpus, data)
    manifest = load_manifest(settings.corpus)
    source = find(manifest, source_id)
    if source.digest == (which == "digest"):
        click.echo(f"{source_id} is answered from its {which} already.")
        return
    past = [s for s in manifest.ignored if s.replaced_by == source_id and s.digest == (which == "digest")]
    path = past[-1].path if past else _fetched_path(settings.corpus, source_id, which)
    _check_readable(settings.corpus / path)
    _exchange(settings, source_id, Exchange(path, which == "digest"), None if no_cases else cases or _bundled_cases())


@click.command("fetch")
@click.argument("source_ids", metavar="[ID]...", nargs=-1)
@folders
def fetch(source_ids: tuple[str, ...], corpus: Path | None, data: Path | None) -> None:
    """Download the originals that the manifest names, keep them aside, and say how they differ from what is indexed."""
    from ingest.fetch import FOLDER, Fetcher
    from ingest.manifest import load_manifest

    settings = staff_settings(corpus, data)
    manifest = load_manifest(settings.corpus)
    if unknown := set(source_ids) - {s.id for s in manifest.sources}:
        raise SourceUnknown(f"There is no document {sorted(unknown)[0]!r} in the corpus folder. List the documents with: guidance sources list")
    wanted = [s for s in manifest.sources if s.id in source_ids or not source_ids]
    fetcher, failed = Fetcher(), 0
    for source in wanted:
        if not source.url:
            click.echo(f"{source.id}: no url in sources.toml, nothing to fetch.")
            continue
        try:
            fetched = fetcher.fetch(source, settings.corpus / FOLDER)
            click.echo(_difference(settings, source, fetched))
        except (FetchError, ReadError) as exc:
            failed += 1
            click.echo(f"{source.id}: {exc}", err=True)
    click.echo("Nothing that is indexed was changed. To answer from an original: guidance sources use ID original")
    if failed:
        sys.exit(1)


def _difference(settings: Settings, source, fetched) -> str:
    """The report on one fetched original, read as it would be ingested."""
    from dataclasses import replace

    from ingest.catalogue import Catalogue, current_generation, stored_text
    from ingest.fetch import FOLDER, compare, report
    from ingest.read import read

    document = read(replace(source, path=fetched.file), settings.corpus / FOLDER)
    try:
        entry = Catalogue.load(current_generation(settings.data)).entry(source.id, "staff")
        stored = stored_text(settings.data, entry.version)
    except GuidanceError:
        stored = ""
    return report(source, fetched, compare(stored, document.text, source.digest, source.language))


def _fetched_path(corpus: Path, source_id: str, which: str) -> str:
    from ingest.fetch import FOLDER, load_fetched

    fetched = load_fetched(corpus / FOLDER)
    if which == "digest":
        raise SourceUnknown(f"{source_id} has no digest in its history. Put one in its place with: guidance sources replace {source_id} FILE --digest")
    if source_id not in fetched:
        raise SourceUnknown(f"No original of {source_id} was fetched. Fetch it with: guidance sources fetch {source_id}")
    return f"{FOLDER}/{fetched[source_id].file}"


def _check_readable(file: Path) -> None:
    """Raise the file's own ReadError before anything is changed."""
    from ingest.manifest import Source
    from ingest.prepare import Job, Unread
    from ingest.worker import prepared

    for outcome in prepared([Job(Source(id="new", path=file.name), file.resolve().parent)]):
        if isinstance(outcome, Unread):
            raise outcome.error


def _bundled_cases() -> Path:
    from assistant.settings import ROOT

    return ROOT / "evals" / "cases"


def _exchange(settings: Settings, source_id: str, new, cases_folder: Path | None) -> None:
    """Ask the cases, exchange the file, bring the index up to date, ask again, and show what is answered otherwise."""
    from assistant.commands.compared import Asked
    from assistant.commands.ingest import run, show
    from ingest.edit import exchange, undone_on_error

    asked = Asked.before(settings, cases_folder) if cases_folder else None
    with undone_on_error(settings.corpus):
        exchange(settings.corpus, source_id, new)
        report = run(settings)
        if refused := [f for f in report.failed if f.path == new.path]:
            raise ReadError(refused[0].message)
    show(report)
    click.echo(f"{source_id} is now answered from {new.path}.")
    if asked:
        asked.show_changes()
