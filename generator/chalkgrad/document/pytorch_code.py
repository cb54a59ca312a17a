"""The page as PyTorch code: the forward pass written out, the gradients left to `backward()`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from chalkgrad.catalogue.optimizers import CLIP, LASSO, LENGTH, SHARE, START, Optimizer, name_in_code
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
    if train is not None and train.optimizer.pytorch_scheduler:
        yield ("from torch.optim import lr_scheduler",)
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
    for line in _on_gradients(train.optimizer, coder.names):
        yield from statement(line.text, depth + line.depth)
    yield from statement("optimizer.step()", depth)
    if several and train.optimizer.pytorch_scheduler:
        yield from statement("scheduler.step()", depth)
    yield EMPTY
    yield coder.comment("code.after")
    for name in coder.names:
        yield coder.shown(name)
    yield coder.shown("J", "forward()[-1]")


def _optimizer(row: Optimizer, names: list[str]) -> Iterator[CodeLine]:
    """The optimizer and what it is told; a call that is too long goes on in lines of its own."""
    rate = START if row.pytorch_scheduler else "eta"
    settings = f", {row.pytorch_settings}" if row.pytorch_settings else ""
    call, told = f"optimizer = torch.optim.{row.pytorch}(", f"[{', '.join(names)}], lr={rate}{settings}"
    if not settings or len(f"{call}{told})") <= WIDTH:
        yield from statement(f"{call}{told})")
    else:
        yield (call,)
        yield (f"{INDENT}[{', '.join(names)}],",)
        yield (f"{INDENT}lr={rate}{settings},",)
        yield (")",)
    if row.pytorch_scheduler:
        yield from statement(f"scheduler = lr_scheduler.{row.pytorch_scheduler}")


class _Indented(NamedTuple):
    """A line of a program and how deep it stands."""

    text: str
    depth: int = 0


def _on_gradients(row: Optimizer, names: list[str]) -> Iterator[_Indented]:
    """What is done to the gradients before the optimizer takes its step: clipping, the L1 penalty."""
    listed = ", ".join(names)
    if CLIP in row.coefficients and SHARE in row.shared_names:
        squares = " + ".join(f"torch.sum({name}.grad**2)" for name in names)
        yield _Indented(f"{LENGTH} = torch.sqrt({squares})")
        yield _Indented(f"for parameter in [{listed}]:")
        yield _Indented(f"parameter.grad *= {CLIP} / max({CLIP}, {LENGTH})", 1)
    elif CLIP in row.coefficients:
        yield _Indented(f"torch.nn.utils.clip_grad_value_([{listed}], {CLIP})")
    if LASSO in row.coefficients:
        yield _Indented(f"for parameter in [{listed}]:")
        yield _Indented(f"parameter.grad += {name_in_code(LASSO)} * torch.sign(parameter.detach())", 1)
