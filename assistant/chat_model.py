"""The chat model: set up by name, asked within a deadline, its failures put into one plain phrase each."""

import os
import queue
import threading
from collections.abc import Callable
from typing import TypeVar

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import BaseChatModel

from assistant.settings import Settings
from ingest.errors import ModelUnavailable

T = TypeVar("T")
RETRIES = 1
KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
EXTRAS = ("anthropic", "ollama", "openai")
BY_NAME = (
    ("Timeout", "did not answer in time"),
    ("Connect", "could not be reached"),
    ("Authentication", "did not accept the key"),
    ("PermissionDenied", "did not accept the key"),
    ("NotFound", "is not known there"),
    ("RateLimit", "takes no more requests for now"),
    ("ContextOverflow", "cannot read that much at once"),
)
BY_STATUS = {400: "did not accept the request", 401: "did not accept the key", 403: "did not accept the key", 404: "is not known there", 429: "takes no more requests for now"}


def load_chat_model(settings: Settings, usage: BaseCallbackHandler | None = None) -> BaseChatModel:
    """The model that `settings.model` names, with its timeout and one retry; `usage` hears how many tokens it reads and writes.

    Raises ModelUnavailable with what to install or to set; it contacts nobody.
    """
    name = settings.model or ""
    try:
        from langchain.chat_models import init_chat_model

        model = init_chat_model(name, timeout=settings.model_timeout, max_retries=RETRIES, callbacks=[usage] if usage else None)
    except Exception as exc:  # each provider's package raises errors of its own
        raise ModelUnavailable(f"{name} {_cannot_start(name, exc)}") from exc
    if _missing_key(name):
        raise ModelUnavailable(f"{name} {_cannot_start(name, None)}")
    return model


def within(seconds: float, call: Callable[[], T]) -> T:
    """The result of a call, or TimeoutError: a server that sends a byte now and then outlasts every other timeout.

    The call runs in a thread of its own, without callbacks or tracing, and is left behind when it takes too long.
    """
    done: queue.SimpleQueue[tuple[T | None, Exception | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            done.put((call(), None))
        except Exception as exc:
            done.put((None, exc))

    threading.Thread(target=run, name="chat-model", daemon=True).start()
    try:
        value, error = done.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError(f"no answer within {seconds} s") from None
    if error is not None:
        raise error
    return value


def failure(exc: Exception) -> str:
    """A plain phrase for what went wrong while a model was asked; it repeats nothing of the error's own words."""
    kinds = " ".join(kind.__name__ for kind in type(exc).__mro__)
    status = getattr(exc, "status_code", None)
    if status in BY_STATUS:
        return BY_STATUS[status]
    if isinstance(status, int) and status >= 500:
        return "reported an error of its own"
    return next((phrase for part, phrase in BY_NAME if part in kinds), "sent a reply that could not be read")


def _cannot_start(name: str, exc: Exception | None) -> str:
    provider = name.split(":")[0]
    if isinstance(exc, ImportError):
        package = f"-e .[{provider}]" if provider in EXTRAS else f"langchain-{provider.replace('_', '-')}"
        return f"needs a package that is not installed: pip install {package}"
    if _missing_key(name):
        return f"needs the variable {KEYS[provider]}, which is not set"
    if isinstance(exc, ValueError) and provider not in EXTRAS:
        return "is not of the form provider:name with a known provider, such as openai, anthropic or ollama"
    return "cannot be set up; check its name and its provider's variables"


def _missing_key(name: str) -> bool:
    variable = KEYS.get(name.split(":")[0])
    return variable is not None and not os.environ.get(variable)
