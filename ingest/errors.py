"""Every error that the project raises on purpose. Each message names the thing, the cause and the remedy.

GuidanceError
├── SettingsError            a GUIDANCE_* variable has a value that is not allowed
├── CorpusError
│   ├── CorpusMissing        the corpus folder does not exist or holds no document
│   ├── ManifestError        sources.toml or contacts.toml cannot be used as it is
│   └── SourceUnknown        no document has this id
├── ReadError                one file cannot be read; the others go on
│   ├── MissingFile
│   ├── EncryptedFile
│   ├── NoTextLayer
│   ├── DamagedFile
│   ├── EmptyFile
│   ├── FileTooLarge
│   ├── UnknownType
│   └── DuplicateId
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
    """One file cannot be read."""


class MissingFile(ReadError):
    """The manifest names a file that is not there."""


class EncryptedFile(ReadError):
    """The file asks for a password."""


class NoTextLayer(ReadError):
    """The pages are pictures, or their text cannot be decoded."""


class DamagedFile(ReadError):
    """The file cannot be parsed."""


class EmptyFile(ReadError):
    """The file holds no text."""


class FileTooLarge(ReadError):
    """The file is over the size limit."""


class UnknownType(ReadError):
    """No reader for this kind of file."""


class DuplicateId(ReadError):
    """Two files would have the same source id."""


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
