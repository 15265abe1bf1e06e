"""Every error that the project raises on purpose. Each message names the thing, the cause and the remedy.

GuidanceError
├── SettingsError            a GUIDANCE_* variable has a value that is not allowed
├── CorpusError
│   ├── CorpusMissing        the corpus folder does not exist or holds no document
│   ├── ManifestError        sources.toml or contacts.toml cannot be used as it is
│   └── SourceUnknown        no document has this id
├── ReadError                one file cannot be read; the others go on
│   ├── MissingFile          named in sources.toml and not there
│   ├── OutsideCorpus        a symbolic link leads out of the folder
│   ├── EncryptedFile        asks for a password
│   ├── NoTextLayer          pages that are pictures
│   ├── GarbledText          a text layer that cannot be decoded
│   ├── DamagedFile          cannot be parsed
│   ├── EmptyFile            no text in it
│   ├── FileTooLarge         over the limit of size or memory
│   ├── ReadingTimeout       over the limit of time
│   ├── UnknownType          no reader for this kind of file
│   ├── WrongSuffix          another kind of file than its name says
│   ├── UnusableName         its name is not text
│   └── DuplicateId          another file has this source id
├── FetchError               one original cannot be downloaded; the others go on
│   ├── AddressRefused       not a public http(s) address, or redirected to one that is not
│   ├── RobotsRefused        robots.txt says no, or cannot be read
│   ├── FetchFailed          no answer, an error status, out of time, broken off, or nowhere to write
│   └── BodyRefused          too large, empty, or not a kind of file that can be read
├── ModelFilesError          model files are missing or are not the pinned ones
├── IndexError_
│   ├── IndexMissing         nothing was ingested into this folder
│   ├── IndexMismatch        made with another embedding model or another way of splitting
│   └── IndexUnwritable      the index folder cannot be written, or another run holds it
├── QuestionError            empty, or too long
├── BatchRowError            a row of a batch file cannot be used
├── CasesError               evaluation cases or a run file cannot be used
└── ModelUnavailable         the chat model cannot be set up or does not answer
"""


class GuidanceError(Exception):
    """Base of all: `str(error)` is a sentence for the person at the keyboard."""


class SettingsError(GuidanceError):
    """A configuration value is not allowed."""


class CorpusError(GuidanceError):
    """The corpus folder as a whole."""


class CorpusMissing(CorpusError):
    """The folder does not exist or holds no document."""


class ManifestError(CorpusError):
    """A manifest cannot be used as it is."""


class SourceUnknown(CorpusError):
    """No document has this id."""


class ReadError(GuidanceError):
    """One file cannot be read; `code` is its name in machine-readable reports."""

    code = "unreadable"


class MissingFile(ReadError):
    """The manifest names a file that is not there."""

    code = "missing"


class OutsideCorpus(ReadError):
    """A symbolic link leads out of the corpus folder."""

    code = "outside"


class EncryptedFile(ReadError):
    """The file asks for a password."""

    code = "encrypted"


class NoTextLayer(ReadError):
    """The pages are pictures."""

    code = "no_text"


class GarbledText(ReadError):
    """There is text, and it cannot be decoded into words."""

    code = "garbled"


class DamagedFile(ReadError):
    """The file cannot be parsed."""

    code = "damaged"


class EmptyFile(ReadError):
    """The file holds no text."""

    code = "empty"


class FileTooLarge(ReadError):
    """The file is over the limit of size or memory."""

    code = "too_large"


class ReadingTimeout(ReadError):
    """The file took longer than one file may."""

    code = "timeout"


class UnknownType(ReadError):
    """No reader for this kind of file."""

    code = "unsupported"


class WrongSuffix(ReadError):
    """The file is of another kind than its name says."""

    code = "wrong_suffix"


class UnusableName(ReadError):
    """The file's name is not text."""

    code = "bad_name"


class DuplicateId(ReadError):
    """Two files would have the same source id."""

    code = "duplicate_id"


class FetchError(GuidanceError):
    """One original cannot be downloaded; the others go on."""


class AddressRefused(FetchError):
    """Not a public http(s) address, or redirected to one that is not."""


class RobotsRefused(FetchError):
    """robots.txt says no, or cannot be read."""


class FetchFailed(FetchError):
    """No answer, an error status, out of time, broken off, or nowhere to write."""


class BodyRefused(FetchError):
    """Too large, empty, or not a kind of file that can be read."""


class ThesaurusError(GuidanceError):
    """The thesaurus holds something that is no concept."""


class ModelFilesError(GuidanceError):
    """Model files are missing or are not the pinned ones."""


class IndexError_(GuidanceError):
    """The index folder."""


class IndexMissing(IndexError_):
    """Nothing was ingested here."""


class IndexMismatch(IndexError_):
    """The index was made with another model or another splitter."""


class IndexUnwritable(IndexError_):
    """The index folder cannot be written."""


class QuestionError(GuidanceError):
    """The question cannot be asked as it is."""


class BatchRowError(GuidanceError):
    """A batch row cannot be used."""


class CasesError(GuidanceError):
    """Evaluation cases or a run file cannot be used."""


class ModelUnavailable(GuidanceError):
    """The chat model cannot be used."""
