"""What a message asks: its form, whom "we" and "you" mean, which period, and what it leaves to the turns before."""

import re
from dataclasses import dataclass

from sentencex import segment

from assistant.ordinals import ITEM, ORDINAL, ordinal_in, renumbered
from ingest.lexical import terms, words
from ingest.manifest import Audience

PRONOUNS = frozenset("it its they them their theirs that those these this one ones there he she him her his same former latter both".split())
OPENERS = re.compile(
    r"^(?:(?:ok(?:ay)?|great|thanks?(?: you)?|good|right|hm+|well|so|fine)\b[\s,.!]*)*"
    r"(?:and|but|or|also|then|what about|how about|what else|anything else|why|how so|always|when|since when|which ones?|such as|for example|like what|in what way|even|only)\b",
    re.IGNORECASE,
)
AMOUNT = re.compile(
    r"\bhow (?:much|big|large|high)\b(?! (?:of )?(?:say|influence|voice|power|freedom|control|do))"
    r"|\b(?:amount|sum|budget|ceiling|maximum|minimum|percent(?:age)?|rate|price|fee|salar(?:y|ies)|wages?|size of (?:the |a |your |our )?(?:grant|fund|award|budget))\b",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\bhow (?:many|often|long)\b|\bnumber of\b|\bhow frequently\b", re.IGNORECASE)
WHEN = (
    r"\bwhen (?:is|are|was|were|do|does|did|will|would|can|could|should|shall|must|may|has|have|exactly|precisely)\b|\bwhen\W*$"
    r"|^\W*(?:(?:and|so|but|or) )?when\b(?=\W+\w+\W*$)|\b(?:know|say|says|sure|tell (?:me|us)|since|by) when\b"
)
"""What asks for a time; "when partners are in danger" names a condition."""
DATE = re.compile(rf"{WHEN}|\bdeadlines?\b|\b(?:what|which) (?:date|year|day|month)\b|\bby what (?:date|time)\b|\bclosing date\b|\bdue date\b", re.IGNORECASE)
PERSON = re.compile(r"\bwho (?:is|are|was|were|'s|do i|do we|can i|should i)\b|\bwhose\b|\bname of\b|\bwhich person\b|\bcontact\b", re.IGNORECASE)
REACH = re.compile(
    r"\b(?:phone|telephone|postcode|website)\b|\b(?:the|an?|your|their|his|her|its|what|which|postal|web|office) address(?:es)?\b|\b(?:who|whom|how|where)\b[^?]*\bcontact\b"
    r"|\bcontact (?:details|person|point|address|at|you|us|him|her|them|someone|somebody|anyone)\b|^\W*contact\b|\bwhere (?:do|should|can|could|may|must|shall|to)(?: i| we| they| you)? (?:send|write|mail|post|e-?mail)\b|\b(?:what|which|your|their|his|her|the|an?|any|have|whose) (?:\w+ )?e-?mails?\b|\be-?mail (?:address|of|for|to|can|do|should|is)\b|\b(?:call|reach) (?:you|him|her|them|us|someone|somebody|anyone|your|the office)\b|\b(?:who|whom|number)\b.* (?:call|reach)\b",
    re.IGNORECASE,
)
LIST = re.compile(
    r"\b(?:(?:full|complete|whole|entire|a|the) list|all|every|everything|which|name the|kinds|types|sorts|categor\w+|ways|principles|criteria|values|priorities|objectives|benefits|examples|steps|reasons|requirements|things|what (?:are|else|kinds?|sorts?|types?)|areas)\b",
    re.IGNORECASE,
)
LIST_VERB = re.compile(r"^\W*(?:(?:please|can you|could you|pls|and|ok)\W+)*list\b", re.IGNORECASE)
PLURAL = re.compile(r"\b(?:what|which)\b(?:\s+\w+){0,3}?\s+\w{3,}(?<!ss)s\b", re.IGNORECASE)
YES_NO = re.compile(
    r"(?:^|[,.;:!?-]\s*|\b(?:and|so|but|ok|hello|hi|please|then)\s+)(?:is|are|was|were|do|does|did|can|could|will|would|shall|should|must|may|might|has|have|had|isn't|aren't|don't|doesn't|won't|can't)\s+(?:\w+|the|a|an)\b",
    re.IGNORECASE,
)
YEARS = re.compile(r"\b(?:19|20)\d\d\b")
ASKING = re.compile(
    r"(?:(?:and|so|but|ok|please|also|then|now|just|hello|hi|dear \w+)\b[\s,]*)*"
    r"(?:what|which|who|whom|whose|when|where|why|how|is|are|do|does|did|can|could|will|would|should|must|may|has|have|tell|explain|list|give|show|name|describe|compare|summari[sz]e)\b",
    re.IGNORECASE,
)
FULL = re.compile(r"(?:why|when|which)\s+(?!not\b|so\b|ones?\b)\w+", re.IGNORECASE)
JOINED = re.compile(
    r",?\s+(?:and|but)\s+(?:also\s+)?(?=(?:what|how|who|when|where|why|which)\s"
    r"|(?:by|in|on|at|for|from|to|with|until|since) (?:what|which|whom|when)\b[^,?]* (?:do|does|did|can|could|will|would|is|are|should|must) (?:you|we|i|they|it|the|our|your)\b|(?:do|does|can|could|will|would|is|are|should|must)\s+(?:you|we|i|they|it|there|the|your|our|partners?)\b)",
    re.IGNORECASE,
)
OUTRIGHT = re.compile(r"^\W*(?:please )?(?:show|tell|teach|remind) me\b|^\W*(?:what|which|who|whom|whose|when|where|why|how|is|are|do|does|did|can|could|would|will|should)\b.*\?\W*$", re.IGNORECASE | re.DOTALL)
SET_BESIDE = re.compile(r"\b(?:compare[ds]?|comparison|contrast|differences?|side by side|next to)\b", re.IGNORECASE)
ASKS_ITSELF = re.compile(
    r"\b(?:what|which|who|whom|whose|when|where|why|how|tell|explain|list|give|show|name|describe)\b|\b(?:is|are|was|were|do|does|did|can|could|will|would|should|shall|must|may|has|have|had)(?:n['’]t)? \w+",
    re.IGNORECASE,
)
"""A question of its own; "by post, or email?" belongs to the one before."""
MAX_PARTS = 3
PERIOD = re.compile(r"\b((?:19|20)\d\d)\s*(?:-|–|—|to|until|till)\s*((?:19|20)\d\d)\b")
QUOTED = re.compile(r"[“\"«]([^”\"»]{3,80})[”\"»]|(?<!\w)[‘']([^’']{3,80})[’'](?!\w)")
PAST = re.compile(r"\b(?:previous|former|old|earlier|past|last|back then|used to|at that time|in those (?:years|days))\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """A message made standalone.

    `text` is the message, `context` the earlier messages it leans on ("" when it stands alone), `forms` what it asks
    for: any of yes_no, list, amount, number, date, person, reach, compare, why. `told` is what the message
    says besides, `earlier` the messages before it, oldest first. All of these are in English words; `original` is what was
    written, where that is not English but in `language`. A `premise` is not asked but taken for granted by what is.
    """

    text: str
    context: str
    audience: Audience
    forms: frozenset[str]
    told: str = ""
    earlier: tuple[str, ...] = ()
    language: str = "en"
    original: str = ""
    premise: bool = False

    @property
    def said(self) -> str:
        """The message in every wording there is: a name may stand in either."""
        return f"{self.text}. {self.original}" if self.original else self.text

    @property
    def written(self) -> str:
        """The message as its author would know it again."""
        return self.original or self.text

    @property
    def standalone(self) -> str:
        """The question with what it leans on in front."""
        return f"{self.context} {self.text}".strip()

    @property
    def quoted(self) -> tuple[str, ...]:
        """Words that the message sets in quotation marks, as somebody else's."""
        return tuple(phrase for pair in QUOTED.findall(self.written) if terms(phrase := (pair[0] or pair[1]).strip()))

    @property
    def own_terms(self) -> tuple[str, ...]:
        """Stemmed content words of the message itself."""
        return tuple(terms(self.text))

    @property
    def ordinal(self) -> int | None:
        """The number by which an item of a list is asked for ("the third objective", "number 7"), from 1; -1 for the last."""
        return ordinal_in(self.text)

    @property
    def item(self) -> str:
        """What the items of the list that it asks about are called ("objective"), or nothing."""
        match = ITEM.search(self.standalone)
        return match[1].lower() if match else ""

    @property
    def periods(self) -> frozenset[tuple[int, int]]:
        """The spans of years that the question names ("2015-2020", "from 2015 to 2020")."""
        return periods_in(self.standalone)

    @property
    def years(self) -> frozenset[int]:
        """The years that the question names one by one."""
        return years_in(self.standalone)

    @property
    def about_the_past(self) -> bool:
        """Whether the words point at an earlier time."""
        return bool(PAST.search(self.standalone))

    @property
    def addresses_home(self) -> bool:
        """Whether "we" (from staff) or "you" (from a partner) speaks of the home organisation."""
        mine = {"we", "our", "us", "ours"} if self.audience == "staff" else {"you", "your", "yours", "u", "ur"}
        return bool(mine & set(words(self.text)))

    @property
    def speaks_as_partner(self) -> bool:
        """Whether a partner speaks of itself ("we", "our"): to home, unless another body is named."""
        return self.audience == "partner" and bool({"we", "our", "us", "i", "my"} & set(words(self.text)))


def periods_in(text: str) -> frozenset[tuple[int, int]]:
    """Spans of years written as such."""
    return frozenset((int(a), int(b)) for a, b in PERIOD.findall(text))


def years_in(text: str) -> frozenset[int]:
    """Years that stand alone, those that bound a span left out."""
    return frozenset(int(y) for y in YEARS.findall(PERIOD.sub(" ", text)))


def understand(message: str, earlier: tuple[str, ...], audience: Audience) -> Question:
    """Read a message against the user's earlier messages, oldest first."""
    asked, told = focus(message)
    context = told if len(terms(asked)) < 3 else ""
    if earlier and depends(message):
        before = understand(earlier[-1], earlier[:-1], audience)
        leaned_on = before.text if len(before.own_terms) > 2 else before.standalone
        number = None if terms(ORDINAL.sub(" ", asked)) or PRONOUNS & set(words(ORDINAL.sub(" ", asked))) else ordinal_in(asked)
        context = f"{renumbered(leaned_on, number) if number else leaned_on} {context}".strip()
    return Question(asked, context, audience, _forms(asked), told, earlier)


def parts_of(message: str) -> tuple[str, ...]:
    """The questions of a message, at most three, when it asks several; else the message as it is."""
    if SET_BESIDE.search(message):
        return (message,)
    sentences = [s.strip() for s in segment("en", focus(message)[0]) if s.strip()]
    asks = [i for i, sentence in enumerate(sentences) if sentence.endswith("?") or ASKING.match(sentence)]
    before_the_last = sentences[: asks[-1] + 1] if asks else sentences  # what is told behind the last question is an aside
    asked: list[str] = []
    for part in (part.strip(" ,") for sentence in before_the_last for part in JOINED.split(sentence)):
        if asked and part.endswith("?") and not ASKS_ITSELF.search(part):
            asked[-1] = f"{asked[-1]} {part}"
        else:
            asked.append(part)
    if not 2 <= len(asked) <= MAX_PARTS or any(len(words(part)) < 3 for part in asked):
        return (message,)
    return tuple(asked)


def focus(message: str) -> tuple[str, str]:
    """The sentences that ask, and the others; a message that asks nothing outright is taken whole."""
    sentences = [s.strip() for s in segment("en", message) if s.strip()]
    asking = [s for s in sentences if s.endswith("?") or ASKING.match(s)]
    if not asking or len(asking) == len(sentences) or not any(len(terms(s)) > 1 for s in asking):
        return message, ""
    return " ".join(asking), " ".join(s for s in sentences if s not in asking)


def depends(message: str) -> bool:
    """Whether a message cannot be understood without the one before."""
    content = terms(message)
    if len(content) <= 1 or OPENERS.match(message.strip()) and not (len(content) >= 3 and FULL.match(message.strip())):
        return True
    return len(content) <= 6 and bool(PRONOUNS & set(words(message)))


def _forms(message: str) -> frozenset[str]:
    found = set()
    for form, pattern in (("amount", AMOUNT), ("number", NUMBER), ("date", DATE), ("person", PERSON), ("reach", REACH), ("yes_no", YES_NO)):
        if pattern.search(message):
            found.add(form)
    if LIST.search(message) or LIST_VERB.search(message) or PLURAL.search(message):
        found.add("list")
    if re.search(r"\b(?:compare[ds]?|comparison|contrast|next to|side by side|differ\w*|versus|vs|both|similar\w*|in common|whereas|than)\b", message, re.IGNORECASE):
        found.add("compare")
    if re.search(r"\bwhy\b", message, re.IGNORECASE):
        found.add("why")
    return frozenset(found)


def asks_outright(sentence: str) -> bool:
    """Whether a sentence of a document asks: it may head an answer, and is none itself."""
    return bool(OUTRIGHT.match(sentence))
