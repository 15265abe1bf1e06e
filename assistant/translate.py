"""A French or Spanish question in English words, as far as its words are known: enough to understand and to search with.

`common_words.toml` has what questions are made of, the thesaurus the terms of the field; a word of neither is kept where
English or the documents have the same word in their own spelling. `docs/languages.md` tells the way of a question.
"""

import functools
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.thesaurus import Thesaurus, fold, stems_of
from ingest.vocabulary import english_words

WORDS = Path(__file__).parent / "common_words.toml"
LANGUAGES = ("en", "fr", "es")
DO = "§do"
TOKEN = re.compile(rf"{DO}|[A-ZÀ-Þ]\w*(?:-[A-ZÀ-Þ]\w*)+|\d+(?:\s?[-–]\s?\d+|[.,]\d+)*|[^\W\d_]+|[.,;:!?]")
INVERTED = {
    "fr": re.compile(r"\b(?!(?:a|est|faut|existe)\b)([^\W\d_]+)-(?:t-)?(vous|nous|ils|elles|il|elle|on|je|tu)\b|\b(\w{3,}ez) (vous)\b", re.IGNORECASE),
    "es": re.compile(r"\b([^\W\d_]+[aeá]n|[^\W\d_]+[aei]mos) (ustedes|uds\.?|nosotros|nosotras)\b", re.IGNORECASE),
}
ENCLITIC = re.compile(r"\b(\w{2,}[aei]r)(nos|les|los|las|le|lo|la|se|me|te)\b", re.IGNORECASE)
PLURAL = {"fr": re.compile(r"\w{3,}ent|font|ont"), "es": re.compile(r"\w{2,}[ae]n|dan|son")}
OURS = re.compile(r"\w{2,}(?:amos|emos|imos)")
MODALS = frozenset("can could must should are is have want".split())
PARTIES = frozenset({"partners", "partner", "partner organisations", "organisations", "organisation", "donors"})
SUBJECTS = PARTIES | {"you", "we", "they", "I", "it", "do", "is there", "there is", "who"}
STATING = frozenset({"you", "we", "I", "they", "it", *PARTIES})
PREPOSITIONS = frozenset({"to", "of", "for", "with", "from", "in", "by", "between", "about", "on", "our", "your", "expected of"})
REPEATING = frozenset({"il", "elle", "ils", "elles"})
STEMMED, SHARED = 5, 5
ENDINGS = {
    "fr": {"tes": ("ties",), "te": ("ty",), "iques": ("ic", "ical"), "ique": ("ic", "ical"), "ement": ("ely", "ly"), "ence": ("ency",), "ance": ("ancy",), "isme": ("ism",), "iste": ("ist",),
           "tif": ("tive",), "ifs": ("ive",), "aire": ("ary",), "eur": ("or", "er"), "eux": ("ous",), "iser": ("ise", "ize"), "er": ("e", "ate", ""), "ie": ("y",), "es": ("", "e"), "e": ("",), "re": ("er",), "el": ("al",), "elle": ("al",)},
    "es": {"ciones": ("tions",), "cion": ("tion",), "siones": ("sions",), "dades": ("ties",), "dad": ("ty",), "mente": ("ly",), "icos": ("ic", "ical"), "icas": ("ic", "ical"), "ico": ("ic", "ical"), "ica": ("ic", "ical", "ics"),
           "encia": ("ence", "ency"), "ancia": ("ance", "ancy"), "ismo": ("ism",), "ista": ("ist",), "tivo": ("tive",), "tiva": ("tive",), "tivos": ("tive",), "tivas": ("tive",), "ario": ("ary",), "oso": ("ous",), "ia": ("y",), "es": ("", "s"), "o": ("", "e"), "a": ("", "e"), "os": ("s",), "as": ("s",), "ar": ("e", "ate", "")},
}  # fmt: skip

Near = Callable[[str], str]
"""The word of the documents that a word is, or clearly resembles; "" where there is none."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a message and the English for them, "" for none."""

    said: str
    english: str


def in_english(text: str, language: str, thesaurus: Thesaurus, near: Near) -> str:
    """A message in English words and in its own order, its sentences and names kept; an English one as it is."""
    if language not in INVERTED:
        return text
    parted = INVERTED[language].sub(_asked, text.replace("’", "'"))
    parted = ENCLITIC.sub(lambda m: f"{m[1]} {m[2]}", parted) if language == "es" else parted
    sentences = re.findall(r"[^.!?]+[.!?]*", parted)
    return " ".join(_sentence(s, language, thesaurus, near) for s in sentences if any(c.isalnum() for c in s))


def says_in(text: str, language: str, thesaurus: Thesaurus) -> bool:
    """Whether every word of a text is a known one of the language, and one at least is none of English."""
    found = [fold(w) for w in re.findall(r"[^\W\d_]+", text)]
    forms = _forms(language)
    if not any((w,) in forms and w not in _forms_alike() or w not in english_words() for w in found):
        return False  # before the thesaurus is asked, whose words of a language take a while to make ready
    return all((w,) in forms or thesaurus.names(w, language) for w in found)


def _asked(inverted: re.Match[str]) -> str:
    """A verb before its pronoun, the other way round; a pronoun that only repeats a subject ("comment X définit-il") falls out."""
    verb, pronoun = (inverted[1], inverted[2]) if inverted.lastindex == 2 else (inverted[3], inverted[4])
    before = re.split(r"[.,;:!?¿]", inverted.string[: inverted.start()])[-1].split()
    return verb if pronoun.lower() in REPEATING and len(before) > 2 else f" {DO} {pronoun} {verb}"


def _sentence(sentence: str, language: str, thesaurus: Thesaurus, near: Near) -> str:
    pieces = list(_pieces(TOKEN.findall(sentence), language, thesaurus, near))
    commas = [-1, *(i for i, piece in enumerate(pieces) if piece.english == ","), len(pieces)]
    ordered = [piece for a, b in zip(commas, commas[1:]) for piece in (*_subject_first(pieces[a + 1 : b], language), *pieces[b : b + 1])]
    words = [p.english for p in ordered if p.english]
    last = len(words) - words[::-1].index(",") if "," in words else 0
    if sentence.rstrip().endswith("?") and STATING & set(words[last : last + 2][: 1 + (words[last : last + 1] == ["the"])]) and "do" not in words:
        words.insert(last, "do")
    english = " ".join(words)
    english = re.sub(r"\bdo ((?:the )?(?:you|we|I|they|it|partners?|partner organisations|organisations?)) (not )?(can|could|must|should|are|is)\b", r"\3 \1 \2", english)
    english = re.sub(r"\bhow much (?=do\b)", "how much money ", english)
    english = re.sub(r"\b(you|they|partners|partner organisations) (?:we|us) ((?:can |must |should )?[a-z]+)\b", r"\1 \2 us", english)
    english = re.sub(r"\b(for|with|of|to|from|by|in) we\b", r"\1 us", english)
    english = re.sub(r"\b((?:when|if) in (?:the |our |your |their )?\w+) is\b", r"\1 it is", english)
    return re.sub(r"\s+([.,;:!?])", r"\1", re.sub(r"\s+", " ", english)).strip()


def _pieces(tokens: list[str], language: str, thesaurus: Thesaurus, near: Near) -> Iterator[Piece]:
    """The tokens in order: the longest phrase that is known, else one word."""
    folded = [fold(t) for t in tokens]
    at = 0
    while at < len(tokens):
        size, english = (0, "") if _goes_on(tokens, at) else _phrase(folded, at, language, thesaurus)
        if not size:
            size, english = 1, _word(tokens[at], at == 0, language, thesaurus, near)
        yield Piece(" ".join(folded[at : at + size]), english)
        at += size


def _goes_on(tokens: list[str], at: int) -> bool:
    """Whether a token is a later word of an English name ("Anti-Slavery International")."""
    return at > 1 and tokens[at][:1].isupper() and tokens[at - 1][:1].isupper() and tokens[at].lower() in english_words()


def _phrase(folded: list[str], at: int, language: str, thesaurus: Thesaurus) -> tuple[int, str]:
    """How many tokens the longest phrase takes that begins here, and its English; everyday words before terms."""
    forms, longest = _forms(language), _longest(language)
    for size in range(min(longest, len(folded) - at), 0, -1):
        key = tuple(folded[at : at + size])
        if at == 0 and (english := forms.get((f"^{key[0]}", *key[1:]))) is not None:
            break
        if (english := forms.get(key)) is not None:
            break
    else:
        size, english = 0, ""
    covered, term = thesaurus.term_at(folded, at, language)
    return (covered, term) if covered > max(size, 1) else (size, english or "")


def _word(token: str, first: bool, language: str, thesaurus: Thesaurus, near: Near) -> str:
    """One word that is not known as it stands: a name, an inflected form, a term, a cognate, or what it resembles."""
    word = fold(token)
    if token == DO:
        return "do"
    if not word.isalpha():
        return token
    name = token[:1].isupper() and not first or token[1:] != token[1:].lower()
    if name and (token.lower() in english_words() or len(token) < STEMMED):
        return token
    known = _by_stem(language).get(stems_of(word, language)) if len(word) >= STEMMED else None
    known = known or thesaurus.term_at([word], 0, language)[1] or _cognate(word, language, near)
    return known or (token if name else _resembling(word, language) or near(word))


def _cognate(word: str, language: str, near: Near) -> str:
    """The English word with the usual ending for this one, where there is such a word."""
    for size in range(7, 0, -1):
        for ending in ENDINGS[language].get(word[-size:], ()) if len(word) > size + 2 else ():
            guess = word[:-size] + ending
            if len(guess) > 3 and (guess in english_words() or near(guess) == guess):
                return guess
    return word if len(word) > 3 and near(word) == word else ""


def _resembling(word: str, language: str) -> str:
    """The English of the everyday word that begins with most of the same letters, five at least."""
    alike = [(_shared(word, form[0]), form[0]) for form in _forms(language) if len(form) == 1 and form[0][:SHARED] == word[:SHARED]]
    best = max(((n, form) for n, form in alike if n >= SHARED and abs(len(form) - len(word)) <= 3), default=(0, ""))
    return _forms(language).get((best[1],), "")


def _shared(one: str, other: str) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))


def _subject_first(pieces: list[Piece], language: str) -> list[Piece]:
    """A plural verb that nobody is named before gets its subject: the party that follows, else in Spanish who its ending means."""
    for at, piece in enumerate(pieces):
        before = {p.english for p in pieces[:at]}
        if piece.english in SUBJECTS or before & SUBJECTS or any(p.english[:1].isupper() for p in pieces[:at]):
            return pieces
        ours = language == "es" and OURS.fullmatch(piece.said)
        if not piece.english or piece.english in PREPOSITIONS or not (ours or PLURAL[language].fullmatch(piece.said)):
            continue
        follows = None if ours else _party(pieces, at + 1)
        subject = "we" if ours else pieces[follows].english if follows else "you" if language == "es" else ""
        if not subject:
            return pieces
        rest = [p for i, p in enumerate(pieces[at + 1 :], at + 1) if follows is None or i not in (follows - 1, follows)]
        objects = [p for p in pieces[:at] if p.english in ("us", "me")]
        first = [p for p in pieces[:at] if p not in objects]
        if piece.english in MODALS - {"have", "want"}:
            return [*first, piece, Piece("", subject), *objects, *rest]
        return [*first, Piece("", "do"), Piece("", subject), piece, *objects, *rest]
    return pieces


def _party(pieces: list[Piece], start: int) -> int | None:
    """Where a party stands, with an article and without a preposition."""
    for at in range(start, len(pieces)):
        if pieces[at].english in PARTIES and pieces[at - 1].said in ("los", "las", "les", "la", "el", "des", "sus", "vos"):
            if at < 2 or at - 1 == start - 1 or pieces[at - 2].english not in PREPOSITIONS:
                return at
    return None


@functools.cache
def _forms(language: str) -> dict[tuple[str, ...], str]:
    """The English of each everyday form."""
    table = tomllib.loads(WORDS.read_text(encoding="utf-8"))[language]
    return {tuple(fold(form).split()): english for english, forms in table.items() for form in forms}


@functools.cache
def _by_stem(language: str) -> dict[tuple[str, ...], str]:
    single = [(form[0], english) for form, english in _forms(language).items() if len(form) == 1 and len(form[0]) >= STEMMED]
    return {stems_of(form, language): english for form, english in reversed(single)}


@functools.cache
def _longest(language: str) -> int:
    return max(map(len, _forms(language)))


@functools.cache
def _forms_alike() -> frozenset[str]:
    """Everyday forms that English writes the same."""
    return frozenset("a an as at me on son tu us support report mission vision date principal important local police budget type document".split())
