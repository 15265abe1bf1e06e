"""`guidance`: ingest, ask, chat, eval, sources. Subcommands are imported when they run, so `--help` is instant."""

import importlib
import sys

import click

from ingest.errors import GuidanceError

SUBCOMMANDS = {
    "ingest": ("assistant.commands.ingest", "Bring the index up to date with a folder of documents."),
    "ask": ("assistant.commands.ask", "Ask one question, or a file of them."),
    "chat": ("assistant.commands.chat", "Serve the chat in the browser, on this machine only."),
    "eval": ("evals.command", "Run the evaluation: run, score, report."),
    "sources": ("assistant.commands.sources", "List, show, check, replace, remove or fetch documents."),
}


class Lazy(click.Group):
    """A group whose subcommands live in modules of their own."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of use."""
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import a subcommand's module and take its `command`."""
        if name not in SUBCOMMANDS:
            return None
        return importlib.import_module(SUBCOMMANDS[name][0]).command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the subcommands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in SUBCOMMANDS.items()])


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="partnership-guidance")
def group() -> None:
    """Cited answers from an organisation's partnership policies, on this machine alone."""


def main() -> None:
    """Entry point: a GuidanceError becomes a sentence on standard error and exit code 1, wrong usage 2."""
    try:
        group()
    except GuidanceError as exc:
        click.echo(f"guidance: {exc}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(0)


if __name__ == "__main__":
    main()
