"""Words that a tagged page shows outside its marked content: numbers and labels that a style sheet made."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from ingest.readers.pdf.lines import same_row
from ingest.readers.pdf.page import Word

REACH = 3.0  # type sizes between a made number and the words that it belongs to
MOST_WORDS = 3  # in a made label: "Step 1:"; more is text of its own
STEP = 8.0  # points: how finely rows are looked up by height


def adopted(words: Sequence[Word]) -> Iterator[Word]:
    """The tagged words, and with the tag of what follows it on its row each short untagged run close before."""
    rows: dict[int, list[Word]] = defaultdict(list)
    for word in words:
        if word.tag >= 0 and not word.turned:
            rows[round(word.base / STEP)].append(word)
    before: dict[int, list[Word]] = defaultdict(list)
    for run in _untagged_runs(words):
        host = _host(run, [word for at in (-1, 0, 1) for word in rows.get(round(run[0].base / STEP) + at, ())])
        if host:
            before[id(host)] += [word._replace(tag=host.tag) for word in run]
    for word in words:
        yield from before.get(id(word), ())
        if word.tag >= 0:
            yield word


def _untagged_runs(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Untagged words of one row that stand together, unless they are too many for a label."""
    run: list[Word] = []
    loose = sorted((word for word in words if word.tag < 0 and not word.turned), key=lambda word: (round(word.base), word.x0))
    for word in loose:
        if run and not (same_row(run[-1], word) and word.x0 - run[-1].x1 < REACH * word.size):
            if len(run) <= MOST_WORDS:
                yield run
            run = []
        run.append(word)
    if 0 < len(run) <= MOST_WORDS:
        yield run


def _host(run: Sequence[Word], near: Sequence[Word]) -> Word | None:
    """The tagged word next on the row, on the side to which its text runs, if none stands between or just before the run."""
    last, first = run[-1], run[0]
    row = [word for word in near if same_row(word, last)]
    after = [word for word in row if -0.5 * last.size < word.x0 - last.x1 < REACH * max(word.size, last.size)]
    if last.mirrored:
        after = [word for word in row if -0.5 * last.size < first.x0 - word.x1 < REACH * max(word.size, last.size)]
        return max(after, key=lambda word: word.x1, default=None)
    if any(word.x1 <= first.x0 + 1 and first.x0 - word.x1 < 0.5 * first.size for word in row):
        return None
    return min(after, key=lambda word: word.x0, default=None)
