"""The chain, put together once: retrieve, write, check."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.runnables import Runnable, RunnableSequence

from assistant.check import CitedAnswer, check
from assistant.draft import Draft
from assistant.retrieve import Evidence, Retriever, Turn
from assistant.notices import without_models
from assistant.rerank import Readers, load_readers
from assistant.search import Library, check_made_with
from assistant.settings import Settings
from assistant.triage import Triage, TriageModel
from assistant.thesaurus import packaged
from assistant.write import write
from ingest.catalogue import Catalogue, current_generation
from ingest.embed import load_embeddings


@dataclass(frozen=True, slots=True)
class Guidance:
    """The assistant: `chain` answers turns, `library` is the index that it reads."""

    chain: Runnable[Turn, CitedAnswer]
    library: Library


def build(settings: Settings, triage: Triage | None = None, readers: Readers | None = None, usage: BaseCallbackHandler | None = None) -> Guidance:
    """The default parts for these settings; any part can be passed in instead. `usage` hears what a chat model reads and writes."""
    check_made_with(settings.embedding_model, Catalogue.load(current_generation(settings.data)), settings.data)  # before anything is loaded or written
    embeddings = load_embeddings(settings.embedding_model, settings.data)
    library = Library(settings.data, embeddings, settings.embedding_model)
    triage = triage or TriageModel()
    readers = readers or load_readers(settings.reranker)
    retriever = Retriever(library, triage, readers, packaged())
    return Guidance(RunnableSequence(retriever.retrieve, _writer(settings, triage, readers.missing, usage), check, name="guidance"), library)


def _writer(settings: Settings, triage: Triage, missing: tuple[str, ...], usage: BaseCallbackHandler | None) -> Callable[[Evidence], Draft]:
    """The embedded writer, or one that asks the chat model that is set; it marks what it writes without a model that is missing."""
    writer = write
    if settings.model is not None:
        from assistant.model_writer import writer_for

        writer = writer_for(settings, triage, usage).write
    return (lambda evidence: _marked(writer(evidence), missing)) if missing else writer


def _marked(draft: Draft, missing: tuple[str, ...]) -> Draft:
    return draft if draft.evidence.screening.status else replace(draft, claims=(*draft.claims, *without_models(missing, draft.evidence.language)))
