"""What the chosen passages leave open: amounts, dates, numbers, people, who decides; said where it matters."""

import re

from assistant.messages import listing, say
from assistant.question import Question

MONEY = re.compile(r"[£$€]\s?\d|\b\d[\d,.]*\s?(?:%|(?:per ?cent|pounds?|euros?|dollars?|gbp|eur|usd)\b)", re.IGNORECASE)
COUNT = re.compile(r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|once|twice|daily|weekly|monthly|quarterly|annual\w*|yearly|regular\w*)\b", re.IGNORECASE)
TIME = re.compile(
    r"\b\d{1,4}\b|\b(?:january|february|march|april|june|july|august|september|october|november|december|days?|weeks?|months?|years?|annual\w*|quarter\w*|before|after|until|whenever|when|immediately|once|stages?|timely|promptly)\b",
    re.IGNORECASE,
)
DEADLINE = re.compile(r"\b(?:\d+|two|three|four|six|ten) (?:working |calendar )?(?:days?|weeks?|months?)\b|\b(?:by|before|until|no later than) (?:the )?\d", re.IGNORECASE)
REACH = re.compile(r"@|https?://|www\.|\+?\d[\d ]{6,}|\bonline (?:form|portal)\b|\bby (?:post|e-?mail)\b")
DECIDES = re.compile(r"\b(?:decid\w*|decision\w*|approv\w*|sign(?:s|ed)? off|authoris\w*|chos\w*|select(?:s|ed) by)\b", re.IGNORECASE)
APPROVED = re.compile(r"\b(?:approved|decided|authorised|signed off) by\b|\b(?:decides?|approves?|authorises?) (?:on |all |each |every |any )?(?:the )?(?:grants?|payments?|requests?|applications?|funding|costs?)\b", re.IGNORECASE)
GIVES = re.compile(r"\b(?:pay|fund\w*|money|cost\w*|grant\w*|financ\w*|cash|rent|salar\w*|support\w*|offer\w*|provide\w*|give\w*|help\w*|cover\w*|contribut\w*|budget\w*|overhead\w*|chip in)\b", re.IGNORECASE)
MONEY_WORDS = re.compile(r"\b(?:pay\w*|fund(?!rais)\w*|money|cost\w*|grant\w*|financ\w*|cash|rent|salar\w*|budget\w*|overhead\w*|chip in)\b", re.IGNORECASE)

DUE = re.compile(
    r"\bdeadlines?\b|\b(?:by|until|till|before) (?:what|which) (?:date|day|time|month|year)\b|\bby when\b|\b(?:closing|due) date\b|\bhow (?:quickly|soon|fast)\b|\bat the latest\b",
    re.IGNORECASE,
)
"""What asks for a time within which something is due; a time at which something was is not enough."""
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
LIMIT = re.compile(
    rf"{DEADLINE.pattern}|\b(?:an?|\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|few) (?:working |calendar |full )?(?:hours?|days?|weeks?|months?|years?)\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\b|\b{_MONTH} \d{{1,2}}\b|\b(?:by|before|until) (?:the )?(?:end|start|middle|{_MONTH}|\d)|\bthe \d{{1,2}}(?:st|nd|rd|th)\b"
    r"|\b(?:within|no later than|at the latest|as soon as|immediately|at once|straight away|right away|without delay|same day|timely|promptly|daily|weekly|monthly|quarterly|yearly|annually)\b"
    r"|\b(?:each|every) (?:day|week|month|quarter|year)\b",
    re.IGNORECASE,
)
_ROLE = r"(?:lead|manager|director|officer|head|chair\w*|co-?ordinator|ceo|president|secretary|trustee|treasurer|focal point|boss)"
_THEN = r"(?=\s*(?:$|[?.!,;:)]|(?:of|at|for|in|and|there|now|please|i|we|who|that|to)\b))"
CALLED = re.compile(
    rf"\bnames? of (?:the |a |an |your |our |their |that |this )?(?:\w+ ){{0,2}}(?:{_ROLE}|person|colleague|someone|somebody)\b{_THEN}"
    rf"|(?:\b(?:give|tell|send|need|want) (?:me |us )?|^\W*|[?!.] )(?:a|the|his|her|their) names?\b(?! of)|\bwho(?: is|['’]s) (?:the|your|our|their|its) (?:\w+ ){{0,2}}{_ROLE}\b{_THEN}"
    r"|\bwhom? (?:do|should|can|could|must|may|shall) (?:i|we) (?:write|send|mail|e-?mail|ring|phone|call|talk|speak|complain)\b",
    re.IGNORECASE,
)
"""What asks for a person: a name or an address."""
PERSON = re.compile(r"(?<!\w)[^\W\d_a-zß-ÿ][\w’'-]+ (?:[a-z]{2,3} )?[^\W\d_a-zß-ÿ][\w’'-]+")

LOOKS = {"amount": MONEY, "number": COUNT, "date": TIME, "reach": REACH}


def lacking(question: Question, text: str) -> tuple[str, ...]:
    """What the question asks for outright and a text does not hold: any of amount, number, date, reach, name."""
    missing = tuple(form for form, pattern in LOOKS.items() if form in question.forms and not pattern.search(text))
    if "date" not in missing and DUE.search(question.text) and not LIMIT.search(text):
        missing += ("date",)
    return (*missing, "name") if CALLED.search(question.text) and not (PERSON.search(text) or REACH.search(text)) else missing


def silences(question: Question, text: str, around: str = "") -> str | None:
    """What an answer about giving leaves open ("an amount, a deadline or who decides"), in the asker's language, or None.

    `around` is what stands beside the answer in the documents: what is there is not denied.
    """
    if not ("yes_no" in question.forms and MONEY_WORDS.search(question.text) and GIVES.search(text)):
        return None
    open_points = [
        say(name, question.language)
        for name, pattern, beside in (("silent_amount", MONEY, MONEY), ("silent_deadline", TIME, DEADLINE), ("silent_decider", DECIDES, APPROVED))
        if not pattern.search(text) and not beside.search(around)
    ]
    return listing(open_points, question.language) if open_points else None
