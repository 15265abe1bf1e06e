"""A hyphen at a line's end parts two English words, or cuts one in two."""

from collections.abc import Mapping

from ingest.vocabulary import english_words

ENOUGH = 0.75  # of a text's words that are English ones; of French and Spanish about a half are
FEWEST = 2  # letters of a half that is a word: "or", "up"
FEWEST_OF_NAME = 4  # and of one with a capital, as pieces of names are often words
PREFIXES = frozenset(
    "ab ad al an ante anti arch auto be bi bio by com con counter de dis down em en ex fore hyper il im in inter ir micro mid mini mis "
    "mono multi neo non of out over para per photo post pre pro pseudo re semi sub sup super sur tele trans tri ultra un under uni up".split()
)
"""First halves that are written together with what follows them, though some are words."""
ENDINGS = frozenset(
    "able age al an ant ance ary ate ed en er ers es est ful hood ian ible ic ing ings ion is ish ism ist ity ive ize less let like ling log "
    "ly man mate ment men ness or ous ship ships side some son ster ten ting ward wards ware wise work worker workers".split()
)
"""Second halves that are written together with what precedes them, though some are words."""
CLOSED = frozenset(
    "wellbeing whistleblowing bookkeeping wrongdoing shortlist workbook groundwork standalone helpline childminder policymaker caseworker "
    "lawmaker grantmaker changemaker peacebuilding homeworking childcare healthcare daycare aftercare homecare".split()
)
"""Words of the field that the vocabulary lacks, and whose halves are words."""
INFLECTED = ("s", "es", "d", "ed", "ing", "ly", "er", "ers", "ings", "ment", "ness", "less", "able")


def is_english(words: Mapping[str, int]) -> bool:
    """Whether most of a text's words, given with how often they stand in it, are English."""
    total = sum(words.values())
    known = english_words() if total else frozenset()
    return sum(times for word, times in words.items() if word in known) > ENOUGH * total


def is_compound(first: str, second: str) -> bool:
    """Whether two halves are words, and together none: "twenty-one", but "con-cern", "safe-guarding" and the name "Fur-nas"."""
    known = english_words()
    if not first.islower() and min(len(first), len(second)) < FEWEST_OF_NAME:
        return False
    first, second = first.lower(), second.lower()
    if min(len(first), len(second)) < FEWEST or first in PREFIXES or second in ENDINGS or _known(first + second):
        return False
    return first in known and second in known


def rejoined(first: str, second: str) -> str:
    """A word that a line's end broke at a hyphen: whole, unless its halves are words of their own ("twenty-one")."""
    return f"{first}-{second}" if is_compound(first, second) else first + second


def _known(word: str) -> bool:
    """Whether a word is English, as it stands or without an ending."""
    known = english_words()
    stems = [word.removesuffix(ending) for ending in INFLECTED if word.endswith(ending)]
    return word in known or word in CLOSED or any(_stem(stem) for stem in stems)


def _stem(stem: str) -> bool:
    known = english_words()
    doubled = stem[-1:] == stem[-2:-1] and stem[:-1] in known
    return len(stem) > 3 and (stem in known or stem in CLOSED or stem + "e" in known or doubled)
