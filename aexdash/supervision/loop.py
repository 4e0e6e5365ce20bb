"""A loop that does not die: what goes wrong in it is logged and counted, and it begins again after a pause."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path

from aexdash.clock import Clock
from aexdash.log import Line, Log
from aexdash.supervision.states import LoopRecord

EVERY = 1.0
"""Seconds between two steps: each looks whether something is due."""

SAID_AGAIN_AFTER = timedelta(hours=1)
"""What stays in the way is told again this often."""

Step = Callable[[], object]
"""Does what is due, and returns."""

Pause = Callable[[threading.Event, float], object]
"""Waits for so many seconds, or until the event is set that tells a loop to stop."""

Begin = Callable[[], AbstractContextManager[Step]]
"""Opens what a loop needs, in the loop's own thread, and gives its step; closed before the loop begins again."""


class Told:
    """What the loops of a process have told to be in their way: what keeps several from their work is told once.

    Of the others it is a detail of the log; the file of the worker says which loops cannot run. Safe among threads.
    """

    def __init__(self) -> None:
        self._lock, self._by = threading.Lock(), dict[str, str]()

    def by_another(self, name: str, sentence: str) -> bool:
        """Whether another loop than this one has told a sentence; else this one tells it now, in place of its last."""
        with self._lock:
            self._forget(name)
            return self._by.setdefault(_matter(sentence), name) != name

    def over(self, name: str) -> None:
        """Forget what a loop has told."""
        with self._lock:
            self._forget(name)

    def _forget(self, name: str) -> None:
        self._by = {sentence: by for sentence, by in self._by.items() if by != name}


def _matter(sentence: str) -> str:
    """Return what a sentence is about: of a damaged file that it is, however SQLite came upon the damage."""
    file, damaged, _ = sentence.partition(" is damaged")
    return f"{file}{damaged}"


def keep_going(
    name: str,
    begin: Begin,
    stop: threading.Event,
    record: LoopRecord,
    *,
    clock: Clock,
    log: Log,
    every: float = EVERY,
    told_to_stop: Callable[[], bool] | None = None,
    after_failure: Callable[[], None] = lambda: None,
    let_through: type[Exception] | tuple[()] = (),
    told: Told | None = None,
    pause: Pause = threading.Event.wait,
) -> None:
    """Take one step after another until `stop` is set; after an error of any kind, begin anew after a pause.

    The pause is a second at first and doubles up to a minute. An error is logged when it is another than the last, and
    every hour. One that comes when told to stop ends the loop: what it waited for was given up. `told_to_stop` knows of
    other ways to be told. `let_through` is an error that ends the loop. `told` is what the other loops of the process
    have told. `pause` stands in for waiting.
    """
    is_over = told_to_stop or stop.is_set
    trouble = _Trouble(name, log, told or Told())
    while not stop.is_set():
        try:
            with begin() as step:
                while not stop.is_set():
                    record.alive(clock())
                    step()
                    if record.rests(clock()):
                        trouble.over()
                    pause(stop, every)
                return
        except let_through:
            raise
        except Exception as error:
            if is_over():
                return
            seconds = record.fails(sentence_of(error), clock())
            try:
                after_failure()
            finally:
                trouble.say(error, clock())
        pause(stop, seconds)


class _Trouble:
    """Says once what is in the way of a loop, and once that it is over; what another loop has told is a detail."""

    def __init__(self, name: str, log: Log, told: Told) -> None:
        self._name, self._log, self._told = name, log, told
        self._said = ""
        self._said_at: datetime | None = None
        self._is_detail = False

    def say(self, error: Exception, now: datetime) -> None:
        sentence = sentence_of(error)
        if sentence == self._said and self._said_at is not None and abs(now - self._said_at) < SAID_AGAIN_AFTER:
            return
        self._said, self._said_at = sentence, now
        self._is_detail = is_foreseen(error) and self._told.by_another(self._name, sentence)
        self._tell(sentence, trace_of(error))

    def over(self) -> None:
        if self._said:
            self._said = ""
            self._told.over(self._name)
            self._tell("works again.")

    def _tell(self, words: str, trace: str = "") -> None:
        self._log(Line(f"{self._name}: {words}", detail=self._is_detail, trace=trace, loop=self._name))


def is_foreseen(error: Exception) -> bool:
    """Whether an error is one of ours: its text is then a sentence that says what to do."""
    return type(error).__module__.partition(".")[0] == __name__.partition(".")[0]


def sentence_of(error: Exception) -> str:
    """Return what an error says, in one line; one that nobody foresaw is called by its kind and its place in the code.

    What else it says is left out: nobody has looked whether it holds a secret.
    """
    if is_foreseen(error):
        return " ".join(str(error).split())
    return f"an error that nobody foresaw ({type(error).__name__}{place_of(error)}); it begins again by itself."


def trace_of(error: Exception) -> str:
    """Return how the code came to an error that nobody foresaw, and what it says; empty for one of ours."""
    return "" if is_foreseen(error) else "".join(traceback.format_exception(error)).rstrip()


def place_of(error: Exception) -> str:
    """Return the innermost place in our own code, below the loop."""
    package, here = Path(__file__).parents[1], Path(__file__)
    files = [(Path(frame.filename), frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    ours = [(file, line) for file, line in files if file.is_relative_to(package) and file != here]
    if not ours:
        return ""
    file, line = ours[-1]
    return f" in {file.relative_to(package.parent).as_posix()}, line {line}"
