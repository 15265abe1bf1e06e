"""Who speaks in a document: the home organisation or another body, and whom a question names."""

import re
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from assistant.question import Question, periods_in, years_in
from assistant.search import Searcher
from ingest.lexical import STOPWORDS, terms, words
from ingest.manifest import Source

NAME = re.compile(r"[A-Z][\w’'-]*(?:\s+(?:(?:of|and|for|the|&)\s+)*[A-Z][\w’'-]*)*")

OWNER = re.compile(
    r"(?:\b|^)((?-i:[A-Z])[\w-]+(?: (?-i:[A-Z])[\w-]+){0,4})['’]s\s+(?:\w+\s+){0,2}(?:polic|approach|principle|report|strateg|guid|values|criteria|rules|partner)",
    re.IGNORECASE,
)
COMPARING = re.compile(
    r"\b(?:compare[ds]?|comparison|contrast(?:ed|s)?|put|next to|beside|side by side|differences?|different(?:ly)?|differs?|similar(?:ly|ity|ities)?|the same|each(?: one| of)?"
    r"|both|between|versus|vs|respectively|in common|the two|do they|(?:what )?(?:says?|said)|(?:talk|speak)s? (?:of|about)|reports?|documents?|papers?|(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
"""The words that ask for a comparison and say of what kind of paper; what is compared is in the others."""
DATED = re.compile(
    r"(?:\b(?:according to|in|from|under|by|of)\s+)?(?:\b(?:the|its|our|your|their)\s+)?\b(?:19|20)\d\d\b(?:\s*(?:-|–|—|to)\s*(?:19|20)\d\d\b)?"
    r"(?P<paper>\s+(?:strategic plan|strategy|report|research|study|paper|approach|policy|document|article|page|plan)\b)?",
    re.IGNORECASE,
)
KIND_NAMES = {
    "research": re.compile(r"\b(?:reports|studies|research papers|articles)\b", re.IGNORECASE),
    "policy": re.compile(r"\bpolicies\b", re.IGNORECASE),
    "strategy": re.compile(r"\bstrategies\b", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Parties:
    """The source ids that a question is about: named outright, pointed at by year or kind, and home's own.

    `named` is empty when the question names no body or document; `home_asked` says that home itself is meant.
    """

    named: frozenset[str]
    pointed_at: frozenset[str]
    home: frozenset[str]
    home_asked: bool


NOBODY = Parties(frozenset(), frozenset(), frozenset(), home_asked=False)


def is_home(source: Source, home: str | None) -> bool:
    """Whether the home organisation published the source; without a `home` in the manifest, every source counts."""
    return home is None or (source.publisher or "").casefold().startswith(home.casefold())


def parties_of(question: Question, searcher: Searcher) -> Parties:
    """Find the bodies and documents that a question names."""
    home_name = searcher.catalogue.home
    sources = [entry.source for entry in searcher.entries.values()]
    home = frozenset(s.id for s in sources if is_home(s, home_name))
    text = question.said
    named = _named(text, sources, home, searcher)
    if not named and question.context and not question.addresses_home:
        named = next((found for message in reversed(question.earlier) if (found := _named(message, sources, home, searcher))), frozenset())
    names_home = bool(home_name) and _mentions(text, home_name)
    titled = frozenset(s.id for s in sources if s.id in home and any(_mentions(text, t) for t in _title_forms(s)))
    pointed_at = _pointed_at(question, sources)
    dated = pointed_at if any(match["paper"] for match in DATED.finditer(text)) else frozenset()
    home_asked = question.addresses_home or names_home or bool(titled) or question.speaks_as_partner and not named | dated
    return Parties(named | titled | dated, pointed_at, home, home_asked)


def _pointed_at(question: Question, sources: list[Source]) -> frozenset[str]:
    """Sources of a year that the question names; in a comparison also all of a kind that it names ("both reports")."""
    years, periods = question.years, question.periods
    by_year = {s.id for s in sources if years & _years_of(s) or periods & periods_in(s.title or "")} if years or periods else set()
    if "compare" not in question.forms:
        return frozenset(by_year)
    kinds = {kind for kind, pattern in KIND_NAMES.items() if pattern.search(question.text)}
    by_kind = {s.id for s in sources if s.kind in kinds}
    return frozenset(by_year & by_kind or by_year or by_kind)


def _years_of(source: Source) -> frozenset[int]:
    return years_in(f"{source.title or ''} {(source.published or '')[:4]}")


def names_stranger(question: Question, searcher: Searcher) -> bool:
    """Whether the question is about the papers of a body whose name no document holds ("X's partnership policy")."""
    names = [match[1] for match in OWNER.finditer(question.text)]
    return any(not searcher.lexical.knows(term) for name in names for term in terms(name))


def _title_forms(source: Source) -> list[str]:
    """A title's main part, and the same without its publisher's name in front; single words are no name."""
    main = _main_title(source.title or "")
    bare = re.sub(rf"^{re.escape(source.publisher)}['’]s\s+", "", main) if source.publisher else main
    return [title for title in dict.fromkeys((main, bare)) if len(title.split()) > 1]


def topic(question: Question, searcher: Searcher) -> str:
    """The message without the names of the bodies and documents it is about, unless little else is left."""
    sources = [entry.source for entry in searcher.entries.values()]
    home = searcher.catalogue.home
    names = [title for s in sources for title in _title_forms(s)]
    names += [alias for s in sources if not is_home(s, home) for alias in _aliases_of(s, searcher)]
    text = question.text
    for name in sorted([*names, *([home] if home else [])], key=len, reverse=True):
        text = re.sub(rf"(?:\b(?:according to|in|from|under|by|of)\s+)?(?:\bthe\s+)?\b{re.escape(name)}\b(?:['’]s)?", " ", text, flags=re.IGNORECASE)
    if _pointed_at(question, sources):
        text = DATED.sub(" ", text)
    if "compare" in question.forms and terms(COMPARING.sub(" ", text)):
        text = COMPARING.sub(" ", text)
    return " ".join(text.split()) if len(terms(text)) > 0 else question.text


def short_name(source: Source) -> str:
    """A publisher's name as a sentence would use it: the short form in brackets where the manifest gives one."""
    publisher = source.publisher or source.title or source.id
    bracketed = re.search(r"\(([^)]+)\)\s*$", publisher)
    return bracketed[1] if bracketed else publisher


def _named(text: str, sources: list[Source], home: frozenset[str], searcher: Searcher) -> frozenset[str]:
    return frozenset(s.id for s in sources if s.id not in home and any(_mentions(text, a) for a in _aliases_of(s, searcher)))


def _aliases_of(source: Source, searcher: Searcher) -> list[str]:
    known = _known_aliases.setdefault(searcher, {})
    if source.id not in known:
        known[source.id] = _aliases(source, searcher)
    return known[source.id]


_known_aliases: WeakKeyDictionary[Searcher, dict[str, list[str]]] = WeakKeyDictionary()


def _aliases(source: Source, searcher: Searcher) -> list[str]:
    """Acronyms, whole names and distinctive parts of names; what the lexical index holds widely is no name."""
    found = [_main_title(source.title)] if source.title and len(_main_title(source.title).split()) > 1 else []
    for name in NAME.findall(f"{source.publisher or ''}"):
        parts = [w for w in re.findall(r"[\w’'-]+", name) if w.lower() not in STOPWORDS]
        found += [name] if len(parts) > 1 else []
        found += [w for w in parts if w.isupper() and 3 <= len(w) <= 8]
        found += [f"{a} {b}" for a, b in zip(parts, parts[1:]) if f"{a} {b}" in name and not searcher.at_home(f"{a} {b}")]
    return [alias for alias in found if len(words(alias)) > 1 or alias.isupper()]


def _mentions(text: str, name: str) -> bool:
    """Whether the words of a name stand together in a text, whatever their case."""
    return f" {' '.join(words(name))} " in f" {' '.join(words(text))} "


def _main_title(title: str) -> str:
    return title.split(":")[0]
