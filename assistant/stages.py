"""Says in words which step of the chain is at work."""

from collections.abc import Callable

from langchain_core.callbacks import BaseCallbackHandler

STAGES = {"retrieve": "Searching the documents …", "write": "Choosing the passages that answer …", "check": "Checking every quote …"}


class Stages(BaseCallbackHandler):
    """Tells `say` as each step of the chain begins; pass it to `invoke` among the callbacks."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say

    def on_chain_start(self, serialized: object, inputs: object, *, name: str | None = None, **_: object) -> None:
        """A step begins."""
        if name in STAGES:
            self._say(STAGES[name])
