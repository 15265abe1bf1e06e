"""Phrase: a question in plain English for what a section says, made by rules from its heading, a lead-in or a sentence."""

import re
from collections.abc import Sequence

from assistant.wording import CONDITION, EXACT, MAY, MUST, SHOULD, amounts

NUMBER = re.compile(r"^(?:\(?(?:\d{1,2}(?:\.\d{1,2})*|[ivxlc]{1,6}|[A-Za-z])[.)]|(?:\d{1,2}|[A-Z](?=\.\d))(?:\.\d{1,2})*)\s+", re.IGNORECASE)
GENERAL = re.compile(r"(?:introduction|overview|background|summary|conclusions?|general|details|notes?|scope|purpose|about|other)\W*", re.IGNORECASE)
FORBIDS = re.compile(r"\b(?:(?:must|may|can|shall|should|will|do|does|is|are) not|cannot|can['’]t|never|no longer|prohibit\w*|forbid\w*)\b", re.IGNORECASE)
ALLOWS = re.compile(rf"{MAY.pattern}|\b(?:can|allowed|permitted|eligible|free to|entitled)\b", re.IGNORECASE)
REACHES = re.compile(r"\S@\S|\bcontact\b|\bresponsible for\b|\bsigned by\b", re.IGNORECASE)
DATE = re.compile(
    rf"{EXACT.pattern}|\b(?:in|by|until|from|since|to|before|after|during|between) (?:19|20)\d\d\b|\bdeadlines?\b|\bno later than\b|\bdue (?:on|by)\b|"
    r"\bwithin \w+ (?:working |calendar )?(?:days?|weeks?|months?|years?)\b",
    re.IGNORECASE,
)
MONEY = {"gbp", "eur", "usd"}
KINDS = ("who", "amount", "date", "prohibition", "permission", "obligation", "condition")
"""What sentences are about, the most telling first."""

_MODALS = "must not|may not|must|may|should|shall|cannot|can|will"
_GIVING = "offers?|provides?|expects?|requires?|asks?|needs?|seeks?|recommends?|funds?|pays?|covers?|includes?|comprises?"
_NO_CLAUSE = r"(?:(?!\b(?:that|who|which|when|if|following|these)\b)[^,;:])"
_SUBJECT = rf"(?P<subject>{_NO_CLAUSE}{{2,60}}?)"
_REST = r"(?P<rest>[^,;:]{0,60}?)(?: (?:as follows|(?:the following|these)[\w ]*))?"
_TURNED = (
    re.compile(rf"{_SUBJECT} (?P<verb>are|is|were|was)\b{_REST}"),
    re.compile(rf"{_SUBJECT} (?P<verb>{_MODALS})\b{_REST}"),
    re.compile(rf"{_SUBJECT} (?P<verb>{_GIVING})\b{_REST}"),
)
_BEFORE = re.compile(r"^(?:For|Depending on|According to|In|Under|Among|As)\b[^,:]*(?:, [^,:]*)?, (?=\S)")
_ACTS = re.compile(rf"^(?P<subject>{_NO_CLAUSE}{{2,40}}?) (?P<verb>{_MODALS})\b")
_ASKING = re.compile(r"(What|How|When|Where|Why|Who) (.+)")
_ASKED = re.compile(rf"Who .+|\w+ (?:{_MODALS}|are|is|were|was|do|does|did) .+")
_PLACED = re.compile(r"(?:on|at|in|before|after|during|under|within|while|if|for|with|to)\b", re.IGNORECASE)
_COMMON = re.compile(r"(?:The|A|An|All|Each|Every|These|Those|Any|Our|Your|Its|Their|We|You|They|It)\b|[A-Z][a-z]+s$|[A-Z][a-z]+(?: [a-z’'-]+)+$")


def kinds_of(sentence: str) -> frozenset[str]:
    """What kinds of facts a sentence tells."""
    found = {
        "who": bool(REACHES.search(sentence)),
        "amount": any(bound or unit for bound, _, _, unit in amounts(sentence)),
        "date": bool(DATE.search(sentence)),
        "prohibition": bool(FORBIDS.search(sentence)),
        "permission": bool(ALLOWS.search(sentence)),
        "obligation": bool(MUST.search(sentence) or SHOULD.search(sentence)),
        "condition": bool(CONDITION.search(sentence)),
    }
    return frozenset(kind for kind, is_told in found.items() if is_told)


def named(topic: str) -> str:
    """A topic as its heading stands, between quotation marks."""
    return f"“{topic[0].upper()}{topic[1:].removesuffix('?')}”"


def topic_of(trail: Sequence[str], title: str, text: str) -> str:
    """What a section is about: its heading without number, a question where it can be one, or what stands above a heading that says nothing."""
    headings = [NUMBER.sub("", h).strip(" .:") for h in trail]
    heading = next((h for h in reversed(headings) if h and not GENERAL.fullmatch(h)), title)
    if heading == title or heading.endswith("?"):
        return heading
    if asking := _ASKING.fullmatch(heading):
        return _heading_question(heading, asking[1], asking[2])
    first = heading.split()[0]
    if re.fullmatch(r"[A-Z][a-z]+", first) and not re.search(rf"[a-z,] {first}\b", text):
        heading = heading[0].lower() + heading[1:]
    return re.sub(r"\b[A-Z][a-z]+\b", lambda m: m[0].lower() if re.search(rf"\b{m[0].lower()}\b", text) else m[0], heading)


def _heading_question(heading: str, word: str, rest: str) -> str:
    """Turn "What we offer" into "What do we offer?"; the heading itself where no rule fits."""
    if _ASKED.fullmatch(heading):
        return f"{heading}?"
    if re.match(r"(?:we|you|they) ", rest) and not _turned(rest, word):
        return f"{word} do {rest}?"
    return _turned(rest, word) or heading


def list_question(topic: str, lead: str, title: str) -> str:
    """A question that a list answers, from its lead-in where that can be turned round, else from the topic."""
    turned = _turned(_BEFORE.sub("", lead).removesuffix(":"), "What", True) if lead.endswith(":") else None
    return turned or _as_it_stands(topic, title) or f"What are the main points {_with('on', topic)}?"


def question_on(topic: str, sentences: Sequence[str], title: str) -> str:
    """A question that sentences answer, by the kind of fact that they share."""
    shared = frozenset.intersection(*(kinds_of(sentence) for sentence in sentences))
    kind = next((kind for kind in KINDS if kind in shared), "")
    asked = {
        "who": f"Who is to be contacted {_with('about', topic)}?",
        "amount": _amount_question(topic, sentences[0]),
        "date": f"Which dates or deadlines are named {_with('for', topic)}?",
        "condition": f"Which conditions apply {_with('to', topic)}?",
    }
    duty = _duty_question(kind, topic, sentences[0]) if kind in ("prohibition", "permission", "obligation") else None
    return _as_it_stands(topic, title) or duty or asked.get(kind, f"What are the rules {_with('on', topic)}?")


def _as_it_stands(topic: str, title: str) -> str | None:
    """For a heading that is a question already, or a clause that fits into no other."""
    if topic.endswith("?"):
        return topic
    if _ASKING.fullmatch(topic) or re.search(r" (?:is|are|was|were|has|have) ", topic):
        return f"What does {title} say under {named(topic)}?"
    return None


def _turned(statement: str, word: str, opens: bool = False) -> str | None:
    """Turn "partners must keep" into "What must partners keep?"; None where no rule fits. `opens` for a lead-in: "costs are paid for" asks for none."""
    for pattern in _TURNED:
        found = pattern.fullmatch(statement)
        if found and not (opens and found["rest"] and pattern is _TURNED[0]):
            return _asked(word, _inside(found["subject"]), found["verb"], found["rest"])
    return None


def _asked(word: str, subject: str, verb: str, rest: str) -> str:
    if re.fullmatch(_GIVING, verb):
        return f"{word} {'does' if verb.endswith('s') else 'do'} {subject} {verb.removesuffix('s')}{rest}?"
    verb, _, negation = verb.replace("cannot", "can not").partition(" ")
    lacking = " do" if word == "What" and not rest and verb not in ("are", "is", "were", "was") else ""
    return f"{word} {verb} {subject}{' not' if negation else ''}{rest}{lacking}?"


def _amount_question(topic: str, sentence: str) -> str:
    units = {unit for _, _, _, unit in amounts(sentence) if unit}
    if units & MONEY:
        return f"How much money is named {_with('for', topic)}?"
    if "percent" in units:
        return f"How much, in per cent, is named {_with('for', topic)}?"
    return f"How much time is named {_with('for', topic)}?" if units else f"How many are named {_with('for', topic)}?"


def _duty_question(kind: str, topic: str, sentence: str) -> str | None:
    """Who may, must or must not do what; None where the sentence does not begin with whom it binds."""
    found = _ACTS.match(sentence)
    if found is None:
        return None
    verb, negation = {"prohibition": ("may", " not"), "permission": ("may", ""), "obligation": ("must", "")}[kind]
    return f"What {verb} {_inside(found['subject'])}{negation} do {_with('about', topic)}?"


def _inside(words: str) -> str:
    """Words as they stand within a sentence: without the capital that only begins one."""
    return words[0].lower() + words[1:] if _COMMON.match(words) else words


def _with(word: str, topic: str) -> str:
    """A topic behind a preposition, unless it brings its own: "after the visit"."""
    return topic if _PLACED.match(topic) else f"{word} {topic}"
