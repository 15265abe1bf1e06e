"""Words that carry the weight of a sentence: amounts, negations, obligations, conditions, and who acts."""

import re

from ingest.lexical import STOPWORDS, terms

_NUMBER_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100,
}
_SPELT = re.compile(rf"\b(?:{'|'.join(_NUMBER_WORDS)})\b", re.IGNORECASE)
_UNIT = r"%|per ?cent\b|pounds?\b|euros?\b|dollars?\b|gbp\b|eur\b|usd\b|hours?\b|days?\b|weeks?\b|months?\b|years?\b"
_AMOUNT = re.compile(
    rf"(?:(?P<bound>(?:no|not) (?:fewer|less|more) than|at least|at most|up to|more than|less than|fewer than|over|under|about|around|nearly|minimum of|maximum of)\s+)?"
    rf"(?P<sign>[£$€])?\s?(?P<number>\d+(?:[.,]\d+)*)\s*(?P<times>k\b|m\b|bn\b|thousand\b|million\b|billion\b)?\s*(?:(?:working|calendar|full)\s)?(?P<unit>{_UNIT})?(?P<open>\s*(?:\w+\s+)?or (?:more|less|fewer)\b)?",
    re.IGNORECASE,
)
_UNIT_NAMES = {"£": "gbp", "pound": "gbp", "$": "usd", "dollar": "usd", "€": "eur", "euro": "eur", "%": "percent", "per cent": "percent"}
_BOUND_NAMES = {
    "no fewer than": "at least", "not fewer than": "at least", "no less than": "at least", "not less than": "at least", "minimum of": "at least", "or more": "at least",
    "no more than": "up to", "not more than": "up to", "at most": "up to", "maximum of": "up to", "or less": "up to", "or fewer": "up to",
}  # fmt: skip
EXACT = re.compile(
    r"\b(?:daily|weekly|fortnightly|monthly|quarterly|annual|annually|yearly|once|twice|half|double|immediately|"
    r"january|february|march(?= \d)|april|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
REACH = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://[^\s<>)\]]+|www\.[^\s<>)\]]+|\b[\w-]+(?:\.[\w-]+)*\.(?:org|com|net|uk|int|eu|gov|info)\b", re.IGNORECASE)

MUST = re.compile(r"\b(?:must|require[sd]?|requirements?|requiring|oblig\w*|mandatory|compulsory|ha(?:ve|s|d) to|need(?:s|ed)? to|shall)\b", re.IGNORECASE)
SHOULD = re.compile(r"\b(?:should|ought to|expect\w*|supposed to)\b", re.IGNORECASE)
WILL = re.compile(r"\b(?:will|commit\w*|ensur\w*|undertak\w*|pledg\w*|promis\w*)\b", re.IGNORECASE)
ALWAYS = re.compile(r"\b(?:guarantee\w*|always|automatically|entitle\w*|in full|unconditional\w*|a right to|promis\w*)\b", re.IGNORECASE)
EVERY = re.compile(r"\b(?:all|every|everyone|everybody|everything|each|always|whole|entire\w*|both)\b", re.IGNORECASE)
PAYS = re.compile(r"\b(?:pays|paid|funds|funded|covers|covered|finances|financed|reimburses|reimbursed)\b", re.IGNORECASE)
ONLY = re.compile(r"\b(?:only|solely|exclusively|nothing but)\b", re.IGNORECASE)
MAY = re.compile(r"\b(?:(?-i:may)|might|could|possibly|(?:seek|aim|hope|tr)(?:s|ies|y)? to)\b", re.IGNORECASE)
OFTEN = re.compile(r"\b(?:often|sometimes|usually|generally|mostly|at times|in (?:some|many|most) cases|in the majority)\b", re.IGNORECASE)
CONDITION = re.compile(
    r"\b(?:if|unless|only|except\w*|provided that|subject to|as long as|depend\w*|in line with|when(?:ever)?|case by case|"
    r"(?:where|as|if) (?:agreed|possible|necessary|appropriate|relevant|needed|applicable|required))\b|(?:^|[.;:]\s+)where\b",
    re.IGNORECASE,
)
CONDITIONAL = re.compile(rf"{CONDITION.pattern}|\bwhere\b", re.IGNORECASE)
WEAKER = re.compile(rf"{MAY.pattern}|\bcan\b", re.IGNORECASE)

_NEGATOR = re.compile(
    r"(?:no|not|never|nor|neither|none|nobody|nothing|without|cannot|unable|\w+n['’]t|refus\w*|declin\w*|exclud\w*|prohibit\w*|forbid\w*|"
    r"reject\w*|den(?:y|ies|ied)|oppos\w*|withhold\w*|withdraw\w*|lacks?|lacking|instead|rather)"
)
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[.,;:!?()]")
_NEGATED = 4

_GIVING = re.compile(r"\b(?:offer(?:s|ed)?|expect(?:s|ed)?|provide[sd]?|gives?|gave|pay(?:s)?|paid|contribute[sd]?|commit(?:s|ted)?|hosts?|invites?|publish(?:es|ed)?)\b", re.IGNORECASE)
_PARTNER = r"(?:partner organisations?|partners?)\b(?! organisation)"
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+ly\s+)?$", re.IGNORECASE)
_ACTS_WITHIN = 60


def amounts(text: str) -> set[tuple[str, str, str, str]]:
    """Each number with its bound, multiplier and unit, "" for none: "£5,000 or less" is ("up to", "5000", "", "gbp")."""
    digits = _SPELT.sub(lambda m: str(_NUMBER_WORDS[m[0].lower()]), text)
    found = set()
    for match in _AMOUNT.finditer(digits):
        unit = (match["unit"] or match["sign"] or "").lower().rstrip("s")
        number = re.sub(r",(?=\d{3}\b)", "", match["number"])
        bound = (match["bound"] or " ".join((match["open"] or "").split()[-2:])).lower()
        found.add((_BOUND_NAMES.get(bound, bound), number, (match["times"] or "").lower(), _UNIT_NAMES.get(unit, unit)))
    return found


def polarity(text: str) -> tuple[set[str], set[str]]:
    """Stemmed content words that stand plainly, and those within four behind a negation of the same clause."""
    plainly, denied = set(), set()
    left = 0
    found = _TOKEN.findall(re.sub(r"\bnot only\b|\bwhether or not\b", "", text.lower()))
    for token in found:
        if not token[0].isalnum() or token == "but":
            left = 0
        elif _NEGATOR.fullmatch(token):
            left = _NEGATED
        elif token not in STOPWORDS:
            (denied if left else plainly).update(terms(token))
            left = max(0, left - 1)
    return plainly, denied


def governs(marker: re.Pattern[str], text: str, said: set[str]) -> str | None:
    """The marker's words where they stand within six content words of two or more of the stems in `said`."""
    for sentence in sentences(text):
        for match in marker.finditer(sentence):
            near = set(terms(sentence[: match.start()])[-6:]) | set(terms(sentence[match.end() :])[:6])
            if len(near & said) >= 2:
                return match[0].strip(" .;:")
    return None


def reaches(marker: re.Pattern[str], text: str) -> set[str]:
    """Stems of the three content words behind each of the marker's places, and the marker itself where none follow."""
    found: set[str] = set()
    for match in marker.finditer(text):
        found |= set(terms(text[match.end() :])[:3]) or {match[0].lower()}
    return found


def sentences(text: str) -> list[str]:
    """A text parted behind full stops, question marks and exclamation marks."""
    return [s for s in re.split(r"(?<=[.!?])\s+", text) if s.strip()]


def named_first(text: str, home: str | None) -> str | None:
    """The party that a text names first, "home" or "partner"; None where it names neither."""
    found = _party(home).search(text)
    return None if found is None else "home" if found["home"] else "partner"


def _party(home: str | None) -> re.Pattern[str]:
    own = f"{re.escape(home)}|we" if home else "we"
    return re.compile(rf"\b(?:(?P<home>{own})\b|(?P<partner>{_PARTNER}))", re.IGNORECASE)


def givers(text: str, home: str | None) -> set[str]:
    """Who offers, expects, provides, pays: any of "home" and "partner", by the party named last before the verb."""
    party = _party(home)
    found = set()
    for verb in _GIVING.finditer(text):
        before = text[max(0, verb.start() - _ACTS_WITHIN) : verb.start()]
        named = list(party.finditer(before))
        if named and not _PASSIVE.search(before):
            found.add("home" if named[-1]["home"] else "partner")
    return found
