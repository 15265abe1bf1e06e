"""Whether a text is writing or the debris of a broken encoding: pure functions of the text, for every format."""


def garbled(text: str) -> str | None:
    """Why a text cannot be what its author wrote, or None."""
    return None
