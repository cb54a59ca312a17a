"""Work spread over processes, each of which has what it needs once and then does one task after the other.

Processes are started afresh (not copied), the same on every system.  Whoever leads them may be stopped or killed
at any time: a worker ends its task, finds nobody to report to, and ends.
"""

from __future__ import annotations

import signal
import traceback
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, Protocol, TypeVar

from chalkgrad.errors import ChalkgradError, OutputError
from chalkgrad.messages import Message

Task_contra = TypeVar("Task_contra", contravariant=True)
Result_co = TypeVar("Result_co", covariant=True)
Task = TypeVar("Task")
Result = TypeVar("Result")

PATIENCE = 60.0
"""How many seconds a worker may take to end its task after all others were stopped."""


class Job(Protocol[Task_contra, Result_co]):
    """What workers do; it travels to each of them once."""

    def at_work(self) -> AbstractContextManager[Callable[[Task_contra], Result_co]]:
        """Get ready; gives what does a task."""
        ...


def spread(job: Job[Task, Result], stages: Sequence[Sequence[Task]], workers: int) -> Generator[Result]:
    """The results of all tasks, as they come; a stage begins when the one before it is done.

    Whatever a task raises is raised here, after the other workers have ended theirs.
    """
    workers = min(workers, max(map(len, stages), default=0))
    if workers <= 1:
        with job.at_work() as do:
            for stage in stages:
                yield from map(do, stage)
        return
    with _crew(job, workers) as crew:
        for stage in stages:
            yield from _stage(crew, stage)


def _stage(crew: Sequence[Connection], stage: Sequence[Any]) -> Iterator[Any]:
    """The results of a stage: whoever is free gets the next task."""
    waiting = iter(stage)
    busy: list[Connection] = []
    for worker, task in zip(crew, waiting, strict=False):  # the crew first: no task may be lost
        worker.send(task)
        busy.append(worker)
    while busy:
        ready = wait(busy)
        for worker in [worker for worker in busy if worker in ready]:
            result = _heard(worker)
            busy.remove(worker)
            for task in islice(waiting, 1):
                worker.send(task)
                busy.append(worker)
            yield result


def _heard(worker: Connection) -> Any:
    """What a worker reports: a result, or what it raised."""
    try:
        result, error = worker.recv()
    except EOFError:
        raise OutputError(
            Message(
                "a process at work was ended from outside, or memory ran out; fewer at a time: {option}",
                option="--jobs 1",
            )
        ) from None
    if error is not None:
        raise error
    return result


@contextmanager
def _crew(job: Job[Any, Any], workers: int) -> Iterator[list[Connection]]:
    """Workers, each at the other end of a connection; closing it tells them to end."""
    context = get_context("spawn")
    crew: list[tuple[Connection, SpawnProcess]] = []
    try:
        for _ in range(workers):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, job), daemon=True)
            with _deaf_to_ctrl_c():
                process.start()
            theirs.close()
            crew.append((ours, process))
        yield [ours for ours, _ in crew]
    finally:
        for ours, _ in crew:
            ours.close()
        for _, process in crew:
            process.join(PATIENCE)
            process.terminate()
            process.join()


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Processes started here leave Ctrl-C, which reaches all of a terminal, to their leader."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(leader: Connection, job: Job[Any, Any]) -> None:
    """The life of a worker; it ends when the leader is gone or wants no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, ConnectionError):
        try:
            with job.at_work() as do:
                while True:
                    leader.send((do(leader.recv()), None))
        except (EOFError, ConnectionError):
            raise
        except Exception as error:  # noqa: BLE001 (raised again by the leader, whatever it is)
            leader.send((None, _portable(error)))


def _portable(error: Exception) -> Exception:
    """An error that can travel: one of ours as it is, any other as what it says."""
    return error if isinstance(error, ChalkgradError) else RuntimeError("".join(traceback.format_exception(error)))
