"""Which of the encodings of Latin letters a text is in.

They share most bytes, and a statistical detector (charset-normalizer) takes one for another in texts of a few lines: "£500" becomes "Ł500".
So each encoding is judged by whether one language would write all the letters beyond ASCII that it yields.
"""

import re

MARKS = "€£¥©®°§±·¶µ«»‹›“”„‘’‚–—…•†‡™¿¡ºª¹²³¼½¾×÷´`¨\xa0"
WESTERN = "éèêëàâäçîïôöûùüÿœæ äöüßé áéíóúüñç ãõáâàéêíóôúüç åäöéü æøåéóôâ àèéìíîòóùú áéíóúýþæðö àéèëïöüóáêâîûñ ñçàèéíïòóúü äõöüšž"
CENTRAL = "ąćęłńóśźż áčďéěíňóřšťúůýž áäčďéíĺľňóôŕšťúýž áéíóöőúüű ăâîșțşţ čćđšž äçéöüëáô"
BALTIC = "āčēģīķļņšūž ąčęėįšųūž äõöüšž"
LANGUAGES = {"cp1252": WESTERN, "cp1250": CENTRAL, "iso8859_2": CENTRAL, "cp1254": "çğıöşüâîû", "cp1257": BALTIC}  # the earlier wins a tie
FITS = 0.9


def latin_encoding(data: bytes) -> str | None:
    """The encoding by which some language would write nearly all letters; None where none does."""
    fits = {encoding: fit for encoding in LANGUAGES if (fit := _fit(data, encoding)) >= FITS}
    return max(fits, key=lambda encoding: fits[encoding]) if fits else None


def _fit(data: bytes, encoding: str) -> float:
    """The share of the characters beyond ASCII that the best fitting language writes, quotation marks and the like among them."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    beyond = re.findall(r"[^\x00-\x7f]", text)
    best = max(sum(char in MARKS or char.lower() in letters for char in beyond) for letters in LANGUAGES[encoding].split())
    return (best - _misplaced(text)) / len(beyond) if beyond else 1.0


def _misplaced(text: str) -> int:
    """Capitals and signs in the midst of small letters, as no word has them."""
    return sum(char.isupper() or not char.isalpha() for char in re.findall(r"(?<=[a-z])([^\x00-\x7f’‘´­\xa0–—·])(?=[a-z])", text))
