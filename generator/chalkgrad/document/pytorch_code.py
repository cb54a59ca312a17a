"""The page as PyTorch code: the forward pass written out, the gradients left to `backward()`."""

from __future__ import annotations

from collections.abc import Iterator

from chalkgrad.catalogue.optimizers import Optimizer
from chalkgrad.document.code import EMPTY, Coder
from chalkgrad.document.model import CodeLine, Listing
from chalkgrad.document.program_text import INDENT, WIDTH, statement
from chalkgrad.document.scribe import Scribe
from chalkgrad.markup.python import PYTORCH


def listing(scribe: Scribe) -> Listing:
    """The whole program."""
    return Listing("python", tuple(_lines(scribe)))


def _lines(scribe: Scribe) -> Iterator[CodeLine]:
    coder = Coder(scribe, PYTORCH, "torch.tensor", "torch.softmax({}, dim={})")
    train = scribe.spec.train if coder.wanted else None
    outputs = f"a{coder.layers[-1].number}"
    yield ("import torch",)
    yield EMPTY
    yield ("torch.set_default_dtype(torch.float64)",)
    yield EMPTY
    yield from coder.given(", requires_grad=True")
    for lines in (coder.forward([outputs]), coder.show()):
        yield from (EMPTY, EMPTY, *lines)
    yield from (EMPTY, EMPTY)
    several = train is not None and train.steps > 1
    depth = 0
    if train is not None:
        yield from _optimizer(train.optimizer, coder.names)
        yield EMPTY
    if train is not None and several:
        yield (f"for step in range({train.steps}):",)
        depth = 1
    yield coder.comment("heading.forward", depth)
    yield from statement(f"{outputs}, J = forward()", depth)
    if not several:
        yield coder.shown(outputs)
    yield coder.shown("J", depth=depth)
    if not coder.wanted:
        return
    yield EMPTY
    yield coder.comment("heading.gradients", depth)
    if several:
        yield from statement("optimizer.zero_grad()", depth)
    yield from statement("J.backward()", depth)
    if not several:
        for name in coder.names:
            yield coder.shown(f"d{name}", f"{name}.grad")
    if train is None:
        return
    yield EMPTY
    yield coder.comment("heading.update", depth)
    yield from statement("optimizer.step()", depth)
    yield EMPTY
    yield coder.comment("code.after")
    for name in coder.names:
        yield coder.shown(name)
    yield coder.shown("J", "forward()[-1]")


def _optimizer(row: Optimizer, names: list[str]) -> Iterator[CodeLine]:
    """The optimizer and what it is told; a call that is too long goes on in lines of its own."""
    settings = f", {row.pytorch_settings}" if row.pytorch_settings else ""
    call, told = f"optimizer = torch.optim.{row.pytorch}(", f"[{', '.join(names)}], lr=eta{settings}"
    if not settings or len(f"{call}{told})") <= WIDTH:
        yield from statement(f"{call}{told})")
        return
    yield (call,)
    yield (f"{INDENT}[{', '.join(names)}],",)
    yield (f"{INDENT}lr=eta{settings},",)
    yield (")",)
