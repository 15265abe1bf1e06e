"""Bytes become text: the encoding is declared, evident or guessed; nothing but a byte order mark and carriage returns is changed."""

import codecs
import re

from ingest.errors import DamagedFile
from ingest.readers.decode_latin import latin_encoding

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)|<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
WEB = {"iso_8859_1": "cp1252", "iso8859_1": "cp1252", "us_ascii": "cp1252", "ascii": "cp1252", "latin_1": "cp1252"}
WEB |= {"gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "iso_8859_9": "cp1254"}
CANDIDATES = ["cp1252", "cp1250", "iso8859_2", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256"]
CANDIDATES += ["cp932", "euc_jp", "gb18030", "big5", "cp949", "cp874"]
HEAD = 4096  # bytes in which a page declares its encoding
SAMPLE = 64 * 1024
KANA = 0.15  # of the characters
FEW = 0.3  # of the bytes: more of them beyond ASCII are no Latin script


def decode(data: bytes, name: str) -> str:
    """The text of a file, its byte order mark dropped and CRLF turned to LF.

    Raises DamagedFile for binary data and for bytes that are text in no encoding.
    """
    for guess in (_marked, _wide, _utf8, _declared, _western, _japanese, _detected, _any_western):
        text = guess(data)
        if text is not None:
            break
    else:
        raise DamagedFile(f"{name} is not text in any known encoding. Save it as UTF-8.")
    if _is_binary(text):
        raise DamagedFile(f"{name} holds binary data, not text. Save the document in the format that its name says.")
    return text.replace("\r\n", "\n")


def _as(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _marked(data: bytes) -> str | None:
    """By its byte order mark."""
    encoding = next((encoding for mark, encoding in MARKS if data.startswith(mark)), None)
    return _as(data, encoding) if encoding else None


def _wide(data: bytes) -> str | None:
    """UTF-32 and UTF-16 without a mark: most characters leave bytes of zero, or one value, in the same places."""
    if len(data) < 8 or len(data) % 2:
        return None
    sample = data[:SAMPLE]
    if 0 not in sample:
        return None
    for encoding, places in (("utf-32-le", (2, 3)), ("utf-32-be", (0, 1))):
        if len(data) % 4 == 0 and all(sample[place::4].count(0) > 0.95 * len(sample) / 4 for place in places):
            return _as(data, encoding)
    for encoding, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        if high.count(0) > 0.01 * len(high) and (text := _as(data, encoding)) is not None and _reads(text):
            return text
    return None


def _reads(text: str) -> bool:
    """Whether nearly all characters are letters, digits, spaces and marks of common use."""
    sample = text[:2000]
    return sum(char.isprintable() or char in "\r\n\t\f" for char in sample) > 0.98 * len(sample) and sum(char.isspace() for char in sample) > 0


def _utf8(data: bytes) -> str | None:
    return _as(data, "iso2022_jp") if b"\x1b$" in data[:SAMPLE] else _as(data, "utf-8")


def _declared(data: bytes) -> str | None:
    """By a page's own declaration, read as browsers read it."""
    found = DECLARED.search(data[:HEAD])
    label = (found[1] or found[2]).decode("ascii", "replace").lower() if found else ""
    return _as(data, WEB.get(label.replace("-", "_"), label)) if label and not label.startswith("utf-16") else None


def _western(data: bytes) -> str | None:
    """By the letters of its words, where most bytes are ASCII."""
    beyond = sum(byte > 127 for byte in data[:SAMPLE])
    encoding = latin_encoding(data) if beyond < FEW * len(data[:SAMPLE]) else None
    return _as(data, encoding) if encoding else None


def _japanese(data: bytes) -> str | None:
    """By its syllable letters, which the bytes of no other script make so often; detectors take EUC-JP for Korean."""
    for encoding in ("euc_jp", "cp932"):
        text = _as(data, encoding) or ""
        if sum("\u3041" <= char <= "\u3096" for char in text) > KANA * len(text):
            return text or None
    return None


def _detected(data: bytes) -> str | None:
    """By the letters that each encoding would make of the bytes."""
    from charset_normalizer import from_bytes

    best = from_bytes(data[:SAMPLE], cp_isolation=CANDIDATES).best()
    return _as(data, best.encoding) if best else None


def _any_western(data: bytes) -> str | None:
    return _as(data, "cp1252") or _as(data, "latin-1")


def _is_binary(text: str) -> bool:
    """Whether there are characters that no text holds: a zero, or many control characters."""
    sample = text[:SAMPLE]
    return "\x00" in text or sum(char < " " and char not in "\t\n\r\f\v\x1b" for char in sample) > 0.005 * len(sample)
