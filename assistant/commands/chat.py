"""`guidance chat`: the chat page in a browser, served to this machine only."""

import os
import socket
from collections.abc import Mapping
from pathlib import Path

import click

from assistant.commands.options import AUDIENCE, folders, settings_for
from assistant.settings import ROOT, Settings
from ingest.errors import GuidanceError, SettingsError
from ingest.manifest import Audience

HOST = "localhost"
SAFE = {
    "server.address": HOST,
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "browser.serverAddress": HOST,
    "browser.gatherUsageStats": "false",
    "client.showErrorDetails": "none",
    "client.toolbarMode": "minimal",
    "logger.hideWelcomeMessage": "true",
}
SILENT = {"LANGSMITH_TRACING": "false", "LANGCHAIN_TRACING_V2": "false", "ANONYMIZED_TELEMETRY": "False"}


@click.command("chat")
@AUDIENCE
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True, help="Port of the page on this machine.")
@folders
def command(audience: Audience | None, port: int, corpus: Path | None, data: Path | None) -> None:
    """Serve the chat in the browser, on this machine only. End it with Ctrl-C."""
    settings = settings_for(corpus, data)
    shown_to = settings.allow(audience)
    check_port(port)
    check_index(settings, shown_to)
    os.environ.update(environment(settings, shown_to))
    if shown_to != (audience or shown_to):
        click.echo("GUIDANCE_AUDIENCE=partner: the chat is served for partners.", err=True)
    click.echo(f"The chat for {'staff' if shown_to == 'staff' else 'partners'} is at http://{HOST}:{port} (Ctrl-C ends it)")
    serve(port)


def check_port(port: int) -> None:
    """Raise SettingsError when the port cannot be listened on."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as exc:
            raise SettingsError(f"Port {port} cannot be used ({exc.strerror}). Choose another with: guidance chat --port {min(port + 1, 65535)}, or PORT={min(port + 1, 65535)} make chat") from exc


def check_index(settings: Settings, audience: Audience) -> None:
    """Raise GuidanceError when model files or a fitting index are missing; say so when the documents have changed since."""
    from assistant.chain import build
    from assistant.conversations import Conversations
    from ingest.catalogue import Catalogue, current_generation
    from ingest.pipeline import is_stale

    Catalogue.load(current_generation(settings.data))
    Conversations(settings.data).sweep()
    build(settings).library.searcher(audience).close()
    try:
        stale = is_stale(settings.corpus, settings.data, settings.embedding_model)
    except GuidanceError:
        return  # the chat needs the index, not the folder it was made from
    if stale:
        click.echo("The documents have changed since the index was made. Bring it up to date with: guidance ingest", err=True)


def environment(settings: Settings, audience: Audience) -> Mapping[str, str]:
    """What the page is told: folders, audience, and that nothing is reported to anybody."""
    folders_named = {"GUIDANCE_CORPUS": str(settings.corpus.resolve()), "GUIDANCE_DATA": str(settings.data.resolve())}
    return {**folders_named, "GUIDANCE_CHAT_AUDIENCE": audience, **SILENT}


def serve(port: int) -> None:
    """Run Streamlit in this process until it is told to stop."""
    from streamlit.web import cli

    flags = [f"--{name}={value}" for name, value in {**SAFE, "server.port": str(port)}.items()]
    cli.main(["run", str(ROOT / "app.py"), *flags], prog_name="streamlit", standalone_mode=False)
