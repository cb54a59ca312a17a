"""Reverse accumulation: from the cost back to every parameter, one local factor at a time.

For each quantity q that the cost depends on,

    dJ/dq = sum over the nodes n that use q of  dJ/dn · dn/dq

(Linnainmaa 1970; Rumelhart, Hinton and Williams 1986, eq. 4 to 7).  Cost grows with the number of edges: no
expression ever spans more than one node.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import sympy as sp
from sympy import Expr, Symbol

from chalkgrad.algebra.ops import average, chain, formal
from chalkgrad.catalogue.losses import collapse_op
from chalkgrad.catalogue.optimizers import COUNT, GRADIENTS, RATE, G, Optimizer, W, new, over_all, rule_op
from chalkgrad.derivation.model import Derivation, Kind, Path, Ref, Step
from chalkgrad.network import training
from chalkgrad.network.model import Network, Node
from chalkgrad.network.training import Schedule
from chalkgrad.quantities import AnyQuantity, Partial, Quantity, Role
from chalkgrad.spec.model import TrainSpec


def derive(network: Network, train: TrainSpec | None = None) -> Derivation:
    """The whole derivation of a network: forward, backward and, where it is trained, the updates."""
    differentiable = all(layer.activation.differentiable for layer in network.layers)
    accumulation = _Accumulation(network, train)
    backward = tuple(accumulation.steps()) if differentiable else ()
    return Derivation(
        network,
        tuple(_forward(network)),
        backward,
        accumulation.paths,
        dict(_collapsed(network)) if differentiable else {},
        accumulation.updates if differentiable else {},
        Schedule(network.samples, train.batches, train.steps) if train else Schedule(network.samples),
        tuple(accumulation.shared) if differentiable else (),
        train is not None and train.sequential,
    )


def _forward(network: Network) -> Iterator[Step]:
    for node in network.nodes:
        bindings = zip(node.op.inputs, map(Ref, node.arguments), strict=True)
        yield Step(Kind.APPLY, node.quantity, node.op.formula, tuple(bindings))
    if network.reduced:
        yield _reduction(network, network.batch_cost, network.cost)


def _reduction(network: Network, quantity: AnyQuantity, of: AnyQuantity) -> Step:
    op = average(network.samples, mean=bool(network.mean))
    return Step(Kind.REDUCE, quantity, op.formula, tuple((symbol, Ref(of)) for symbol in op.inputs))


def _collapsed(network: Network) -> Iterator[tuple[Partial, Step]]:
    if not network.layers or network.loss is None:
        return
    last = network.layers[-1]
    op = collapse_op(last.activation.name, network.loss.name)
    if op is None:
        return
    for z, a, y in zip(last.sums(), last.outputs(), network.targets(), strict=True):
        delta = Partial(network.cost, z, per_sample=True)
        bindings = tuple(zip(op.inputs, (Ref(a), Ref(y)), strict=True))
        yield delta, Step(Kind.CHAIN, delta, op.formula, bindings)


@dataclass(frozen=True)
class _Use:
    """A node that uses a quantity, and as which of its formal arguments."""

    node: Node
    symbols: list[Symbol]
    known: dict[Symbol, Quantity]
    """What every formal name of the node stands for."""


@dataclass
class _Accumulation:
    network: Network
    train: TrainSpec | None
    paths: dict[Partial, tuple[Path, ...]] = field(default_factory=dict)
    updates: dict[Quantity, tuple[Step, ...]] = field(default_factory=dict)
    shared: list[Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.uses: dict[Quantity, list[_Use]] = defaultdict(list)
        for node in self.network.nodes:
            known = dict(
                zip((*node.op.companions, *node.op.inputs), (*node.companions, *node.arguments), strict=True)
            )
            known[node.op.output] = node.quantity
            places: dict[Quantity, list[Symbol]] = defaultdict(list)
            for symbol, argument in zip(node.op.inputs, node.arguments, strict=True):
                places[argument].append(symbol)
            for argument, symbols in places.items():
                self.uses[argument].append(_Use(node, symbols, known))
        self.moving = frozenset(p for p in self.network.parameters if self.train and not self._frozen(p))

    @property
    def _seed(self) -> Partial:
        """The derivative of the cost by itself."""
        return Partial(self.network.cost, self.network.cost, per_sample=True)

    def _frozen(self, parameter: Quantity) -> bool:
        assert self.train is not None  # noqa: S101 (told to the type checker)
        name = parameter.name or f"{parameter.role.value}{parameter.layer}"
        return name in self.train.freeze

    def steps(self) -> Iterator[Step]:
        """Stage by stage from the cost: of a layer the deltas, then the gradients of its parameters."""
        updates: list[Step] = []
        if self.network.is_seeded:
            yield Step(Kind.LOCAL, self._seed, sp.Integer(1), ())
        in_turn = self.train is not None and self.train.sequential
        if in_turn:
            yield from self._shared()
        for stage in self.network.stages:
            for quantity in stage:
                yield from self._derivative(quantity)
            self.updates |= {p: tuple(self._update(p)) for p in stage if p in self.moving}
            moves = [step for p in stage if p in self.moving for step in self.updates[p]]
            if in_turn:
                yield from moves
            else:
                updates = moves + updates
        if not in_turn:
            yield from self._shared()
        yield from updates

    def _derivative(self, quantity: Quantity) -> Iterator[Step]:
        """The local factors, their combination over all paths, and the reduction over samples."""
        cost = self.network.cost
        result = Partial(cost, quantity, per_sample=True)
        paths = []
        for use in self.uses[quantity]:
            if not use.node.op.differentiable:
                continue
            upstream = self._upstream(use.node)
            ends_here = use.node.quantity in self.network.ends
            made = use.node.quantity if upstream or ends_here else cost
            own = made.per_sample or quantity.per_sample
            name = Partial(made, quantity, per_sample=own, is_direct=upstream == Ref(self._seed))
            yield self._local(use, name)
            paths.append(Path(upstream, Ref(name)))
        self.paths[result] = tuple(paths)
        if any(path.upstream for path in paths):
            op = chain(tuple(1 + (path.upstream is not None) for path in paths))
            factors = [ref for path in paths for ref in path if ref is not None]
            yield Step(Kind.CHAIN, result, op.formula, tuple(zip(op.inputs, factors, strict=True)))
        if not quantity.per_sample and self.network.reduced:
            yield _reduction(self.network, result._replace(per_sample=False), result)

    def _upstream(self, node: Node) -> Ref | None:
        """What arrives at a node; None at the cost, also where the cost merely adds the node up."""
        made, network = node.quantity, self.network
        if made == network.cost and network.is_seeded:
            return Ref(self._seed)
        if made.role is Role.COST or made == network.cost or made in network.ends:
            return None
        return Ref(Partial(self.network.cost, node.quantity, per_sample=True))

    def _local(self, use: _Use, name: Partial) -> Step:
        partials = [use.node.op.partial(symbol) for symbol in use.symbols]
        expression: Expr = partials[0] if len(partials) == 1 else sp.Add(*partials)
        free = sorted(expression.free_symbols, key=lambda symbol: symbol.name)
        return Step(Kind.LOCAL, name, expression, tuple((s, self._ref(use.known[s])) for s in free))

    def _ref(self, quantity: Quantity) -> Ref:
        """Updated weights where the update goes layer by layer: only hidden deltas ever use a weight."""
        sequential = self.train is not None and self.train.sequential
        return Ref(quantity, int(sequential and quantity.role is Role.WEIGHT and quantity in self.moving))

    def _gradient(self, parameter: Quantity) -> Partial:
        return Partial(self.network.cost, parameter, per_sample=not self.network.reduced)

    def _known(self, optimizer: Optimizer) -> dict[Symbol, Ref]:
        """What the rules of an optimizer take from elsewhere, whichever parameter they are for."""
        refs = {RATE: Ref(training.RATE), COUNT: Ref(training.COUNT)}
        refs |= {formal(name): Ref(training.setting(name)) for name in optimizer.coefficients}
        return refs | {formal(rule.makes): Ref(training.shared(rule.makes)) for rule in optimizer.shared}

    def _shared(self) -> Iterator[Step]:
        """What the optimizer makes for all parameters at once."""
        if self.train is None:
            return
        refs = self._known(self.train.optimizer)
        moving = [parameter for parameter in self.network.parameters if parameter in self.moving]
        for rule in self.train.optimizer.shared:
            op = over_all(rule, len(moving)) if rule.summed else rule_op(rule)
            used = map(Ref, map(self._gradient, moving)) if rule.summed else (refs[s] for s in op.inputs)
            bindings = tuple(zip(op.inputs, used, strict=True))
            step = Step(Kind.SHARED, training.shared(rule.makes), op.formula, bindings)
            self.shared.append(step)
            yield step

    def _update(self, parameter: Quantity) -> Iterator[Step]:
        """The optimizer's rules for one parameter."""
        assert self.train is not None  # noqa: S101 (told to the type checker)
        optimizer = self.train.optimizer
        refs = self._known(optimizer) | {W: Ref(parameter), G: Ref(self._gradient(parameter))}
        refs |= {formal(name): Ref(training.state(name, parameter)) for name in optimizer.states}
        for rule in optimizer.rules:
            made = parameter if rule.makes == "w" else training.state(rule.makes, parameter)
            op = rule_op(rule)
            yield Step(Kind.UPDATE, made, op.formula, tuple((s, refs[s]) for s in op.inputs), ahead=1)
            refs[new(rule.makes)] = Ref(made, 1)
            if rule.makes in GRADIENTS:
                refs[G] = Ref(made, 1)
