"""Kept: rows of the index that were read before are not read again; a generation never changes."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

MOST_ROWS = 20_000
"""About 60 MiB of vectors and metadata."""


class Table(Protocol):
    """The two calls of a Chroma collection that a search makes."""

    def query(self, query_embeddings: list[list[float]], n_results: int, include: list[str]) -> dict[str, Any]:
        """The rows nearest to a vector."""
        ...

    def get(self, ids: list[str], include: list[str]) -> dict[str, Any]:
        """The rows with these ids; those that the table does not hold are left out."""
        ...


class Kept:
    """A table whose rows are read once each, metadata and vectors together."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._rows: dict[str, tuple[dict[str, Any], np.ndarray] | None] = {}

    def query(self, query_embeddings: list[list[float]], n_results: int, include: list[str]) -> dict[str, Any]:
        """The rows nearest to a vector."""
        return self._table.query(query_embeddings=query_embeddings, n_results=n_results, include=include)

    def rows(self, ids: Sequence[str]) -> dict[str, tuple[dict[str, Any], np.ndarray]]:
        """Metadata and vector by id, in the order asked for; ids that the table does not hold are left out."""
        kept = self._rows
        new = [row_id for row_id in dict.fromkeys(ids) if row_id not in kept]
        if len(kept) + len(new) > MOST_ROWS:
            kept = self._rows = {}
            new = list(dict.fromkeys(ids))
        if new:
            found = self._table.get(ids=new, include=["metadatas", "embeddings"])
            read = dict(zip(found["ids"], zip(found["metadatas"], np.asarray(found["embeddings"]))))
            kept.update((row_id, read.get(row_id)) for row_id in new)
        return {row_id: row for row_id in ids if (row := kept.get(row_id)) is not None}
