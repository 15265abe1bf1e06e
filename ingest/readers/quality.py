"""Whether a text is writing or the debris of a broken encoding: pure functions of the text, for every format."""

import re
import unicodedata
from collections import Counter
from itertools import pairwise

SAMPLE = 40_000  # characters, from the whole length of the text
MOST_BAD = 0.08  # of the characters: unmapped, private, control, unassigned
MOST_MIXED = 0.25  # of the words: letters of scripts that are not written together
MOST_SCRIPTS = 6  # scripts that each have over a fiftieth of the letters
MIN_LETTERS = 10
MIN_PAIRS = 14
LETTERED = 0.5  # of the characters of a text whose alphabet may be shifted are Latin letters
UNUSUAL, USUAL = 0.2, 0.36  # shares of usual pairs of letters: below the first no language, above the second surely one
WORD = re.compile(r"\S+")
PAIRS = frozenset(
    "th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ea ra ce li ch ll be"
    " ma si om ur la el da ie ei ge sc un di au us qu ai ue ns em so mi pa pr po za ni na no wa ki sk ka ta ad os ci lo ec ss tr il et is".split()
)
SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "ARABIC", "HEBREW", "DEVANAGARI", "BENGALI", "TAMIL", "TELUGU", "THAI", "HANGUL", "ARMENIAN", "GEORGIAN")
OTHERS = tuple("GURMUKHI GUJARATI ORIYA KANNADA MALAYALAM SINHALA LAO TIBETAN MYANMAR ETHIOPIC KHMER NKO SYRIAC THAANA".split())
EASTERN = ("CJK", "HIRAGANA", "KATAKANA", "BOPOMOFO", "FULLWIDTH", "IDEOGRAPHIC", "KANGXI")


def garbled(text: str) -> str | None:
    """Why a text cannot be what its author wrote, as the end of a sentence that begins "because"; None where it can."""
    sample = _sample(text)
    letters = sum(letter.isalpha() for letter in sample)
    if sample and bad_share(sample) > MOST_BAD:
        return "many of its characters are unmapped"
    if letters < MIN_LETTERS:
        return None
    if mixed_share(sample) > MOST_MIXED or len(scripts_of(sample)) > MOST_SCRIPTS:
        return "its words mix scripts that are not written together"
    if moved_by(sample):
        return "its alphabet is shifted"
    return None


def _sample(text: str) -> str:
    """Pieces of a long text, from all over it, cut between words."""
    if len(text) <= SAMPLE:
        return text
    step = len(text) // 8
    return " ".join(" ".join(text[start : start + SAMPLE // 8].split()[1:-1]) for start in range(0, 8 * step, step))


def bad_share(text: str) -> float:
    """The share of characters, without spaces, that stand for nothing: replacement, private use, control, unassigned."""
    shown = Counter(text)
    every = sum(count for letter, count in shown.items() if not letter.isspace())
    return sum(count for letter, count in shown.items() if _stands_for_nothing(letter)) / max(1, every)


def _stands_for_nothing(letter: str) -> bool:
    kind = unicodedata.category(letter)
    return letter == "\ufffd" or kind in ("Co", "Cn", "Cs") or kind == "Cc" and letter not in "\n\t\r\f\v"


def script_of(letter: str) -> str:
    """The script of a letter by the first word of its name; Chinese and Japanese count as one."""
    name = unicodedata.name(letter, "?").partition(" ")[0]
    return "EASTERN" if name.partition("-")[0] in EASTERN else name


def scripts_of(text: str) -> set[str]:
    """The scripts that each have over a fiftieth of the letters."""
    count = Counter(script_of(letter) for letter in text if letter.isalpha())
    return {script for script, times in count.items() if times * 50 > sum(count.values()) and script in (*SCRIPTS, "EASTERN", *OTHERS)}


def mixed_share(text: str) -> float:
    """The share of words of several letters whose letters are of two scripts or more; Chinese, Japanese and Latin may meet."""
    words = [word for word in WORD.findall(text) if sum(letter.isalpha() for letter in word) > 1]
    mixed = 0
    for word in words[:4000]:
        found = {script_of(letter) for letter in word if letter.isalpha()} - {"EASTERN", "HANGUL", "?", "MODIFIER", "MICRO", "FEMININE", "MASCULINE"}
        mixed += len(found & set(SCRIPTS)) > 1
    return mixed / len(words) if len(words) > 3 else 0.0


def moved_by(text: str) -> int:
    """By how many places the alphabet of a Latin text is shifted, 0 where its letters stand in usual pairs as they are."""
    shown = re.sub(r"\s", "", text[: SAMPLE // 4])
    if sum(letter.isalpha() and letter < "\u0250" for letter in shown) < LETTERED * len(shown):
        return 0
    own = pair_share(text[: SAMPLE // 4])
    if own < 0 or own > UNUSUAL:
        return 0
    shares = {step: pair_share(_moved(text[: SAMPLE // 4], step)) for step in (*range(-60, 0), *range(1, 61))}
    found = max(shares, key=lambda step: shares[step])
    return found if shares[found] > max(USUAL, own + USUAL - UNUSUAL) else 0


def _moved(text: str, step: int) -> str:
    return "".join(chr(ord(letter) + step) if 33 <= ord(letter) < 127 and 32 <= ord(letter) + step < 127 else letter for letter in text)


def pair_share(text: str) -> float:
    """The share of pairs of letters that are among the commonest of European languages, from 0; -1 where there are too few pairs."""
    letters = text.lower()
    pairs = [a + b for a, b in pairwise(letters) if a.isalpha() and b.isalpha()]
    return sum(pair in PAIRS for pair in pairs) / len(pairs) if len(pairs) >= MIN_PAIRS else -1.0
