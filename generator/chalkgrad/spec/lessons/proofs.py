"""Proofs: `proofs`, and for those that are about a network, `network` and `data`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalkgrad.messages import Message
from chalkgrad.spec.lessons import network
from chalkgrad.spec.lessons.kind import Judged, Kind
from chalkgrad.spec.lessons.network import DATA, NETWORK, NetworkLesson
from chalkgrad.spec.model import Lesson, ShowSpec
from chalkgrad.spec.readers import ByShape, Choice, Field, ListOf, Report, entry, item
from chalkgrad.spec.source import Node, quoted

PROOFS = ("collapse", "sigmoid", "tanh", "softmax_cross_entropy", "backpropagation")
ABOUT_A_NETWORK = ("collapse", "backpropagation")
MOST_ENTRIES = 40
"""The weights of a layer up to which a matrix of letters is still read."""


@dataclass(frozen=True)
class ProofsLesson(Lesson):
    """Theorems, proved."""

    proofs: tuple[str, ...]
    network: NetworkLesson | None
    """The network that some of them are about."""


def _judge(values: Mapping[str, Any], show: ShowSpec, root: Node, report: Report) -> Judged:
    wish = values["proofs"]
    wished = PROOFS if wish == "all" else (wish,) if isinstance(wish, str) else wish
    for index, name in enumerate(wished):
        if name in wished[:index]:
            place = (item(entry(root, "proofs"), index) or root).place
            report.add(place, quoted(name), Message("each proof once"))
    lesson = None
    for key in ("network", "data"):
        needing = [name for name in wished if name in ABOUT_A_NETWORK]
        if values[key] is None and needing:
            place = (entry(root, "proofs") or root).place
            expected = Message(
                'the key "{key}", for the proof {proof} is about a network', key=key, proof=needing[0]
            )
            report.add(place, Message('no "{key}"', key=key), expected)
    if values["network"] is not None and values["data"] is not None:
        lesson = _network(values, wished, show, root, report)
    return Judged(ProofsLesson(wished, lesson))


def _network(
    values: Mapping[str, Any], wished: tuple[str, ...], show: ShowSpec, root: Node, report: Report
) -> NetworkLesson | None:
    judged = network.KIND.judge({**values, "train": None}, show, root, report).lesson
    if report.problems:
        return None
    assert isinstance(judged, NetworkLesson)  # noqa: S101 (what its judge returns)
    layers = entry(entry(root, "network") or root, "layers")
    if "collapse" in wished and len(judged.network.layers) == 1:
        report.add(
            (layers or root).place, Message("a single layer"), Message("at least two, to collapse into one")
        )
    for index, layer in enumerate(judged.network.layers):
        place = (entry(item(layers, index) or root, "activation") or root).place
        name = layer.activation.name
        if "collapse" in wished and name != "identity":
            expected = Message("identity, for only linear layers collapse")
            report.add(place, quoted(name), expected)
        elif "backpropagation" in wished and not layer.activation.differentiable:
            report.add(place, quoted(name), Message("an activation with a derivative"))
        elif layer.activation.couples and index + 1 < len(judged.network.layers):
            report.add(place, quoted(name), Message("softmax in the last layer alone"))
        weights = (entry(item(layers, index) or root, "weights") or root).place
        count = layer.units * len(layer.weights[0])
        if count > MOST_ENTRIES:
            found = Message("{weights:,} weights", weights=count)
            report.add(weights, found, Message("at most {most:,} in a layer of a proof", most=MOST_ENTRIES))
    return judged


_PROOF = Choice(PROOFS, Message("a proof"))

KIND = Kind(
    "proofs",
    {
        "proofs": Field(
            ByShape(
                Message("a proof, a list of them, or all"),
                scalar=Choice(("all", *PROOFS), Message("all, or a proof")),
                items=ListOf(_PROOF, Message("a list of proofs")),
            ),
            Message("what is proved"),
            required=True,
        ),
        "network": Field(NETWORK, Message("the network that a proof is about")),
        "data": Field(DATA, Message("inputs and targets of that network")),
    },
    ("scalar",),
    _judge,
    glimpse=network.KIND.glimpse,
)
