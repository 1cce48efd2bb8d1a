"""A network as the pages show it. Importing this module imports torch."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeVar

import torch
from torch import Tensor, nn

from lente.app.errors import BadInput, LenteError
from lente.app.features.anatomy import Anatomy, anatomy, anatomy_of
from lente.app.features.captures import Capture
from lente.app.features.outputs import Answer
from lente.app.features.preparation import Preparation, Prepared
from lente.app.features.surgery import operated, read_surgery
from lente.app.i18n import N_
from lente.app.pictures.decoding import Picture
from lente.models.errors import ModelError
from lente.models.networks.familiarity import Familiarity, Rule
from lente.models.phrases import Phrase
from lente.models.stopping import Stopped
from lente.models.tracing.faults import Fault, in_one_line, own_line
from lente.models.tracing.recording import Recording, record
from lente.models.tracing.repeating import repeat, repeats

Made = TypeVar("Made")


@dataclass(frozen=True, eq=False)
class Shown:
    """A network that classifies pictures, and what the pages need to know to show it.

    Attributes:
        name, title: for programs and for people.
        kind: what it is given, a "digit" (1, 28, 28) or a "photo" (3, S, S).
        module: the network itself, in evaluation mode, shared: nobody changes it.
        pristine: a copy that never runs, from which copies for surgery are made; it shares its tensors.
        preparation: how a picture is prepared for it.
        classes: what its outputs stand for, in English.
        weights: where its numbers come from, a file's name.
        figures: what it reached when it was measured.
        answer: of a network that was opened: which part of what it returns says the classes; None where none does, and
            then there are no classes.
        lines: of a network that was opened: the lines of Python that make it, in `network`.
        given: what it is given for a picture in place of what `preparation` makes of it, by the picture's id.
        familiarity: what is like the pictures that it learnt from, where that is known.
        notes: of a network that was opened: what one should know of it.
        seed: of the random numbers of a network that throws dice.
        first: of a network that was opened: what it made of the first picture; its outputs need not have been kept.
        prepares: of a network that is given its pictures in a way of its own: makes them.
        recipe: the lines of Python that make a network of the box, where its name alone does not.
        frozen: how many of its parameters' numbers were not to change when it was brought.
        reliability: how often it is right when it is so sure, where that was measured; see its card.
        unsure: from which figure on its answer is called unsure, where that was measured; see its card.
        source: where weights come from that others trained, with their licence; see its card.
    """

    name: str
    title: str
    kind: Literal["digit", "photo"]
    module: nn.Module
    pristine: nn.Module
    preparation: Preparation
    classes: tuple[str, ...]
    weights: str
    figures: dict[str, float]
    answer: Answer | None = None
    lines: tuple[str, ...] = ()
    given: dict[str, Prepared] = field(default_factory=dict)
    familiarity: Familiarity | None = None
    reliability: dict[str, tuple[float, ...]] = field(default_factory=dict)
    unsure: Rule = field(default_factory=dict)
    source: dict[str, str] = field(default_factory=dict)
    notes: tuple[Phrase, ...] = ()
    seed: int | None = None
    first: Recording | None = None
    prepares: Callable[[Picture], Prepared] | None = None
    recipe: tuple[str, ...] = ()
    frozen: int = 0
    _made: dict[Callable[..., Any], Any] = field(default_factory=dict, init=False, repr=False)

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Of what it is given for one picture, (C, H, W) or (T, C, H, W)."""
        if self.first is not None:
            return self.first.records[0].shape[1:]
        side = self.preparation.size
        return (1 if self.kind == "digit" else self.preparation.channels, side, side)

    @property
    def takes_pictures(self) -> bool:
        """Whether any picture can be made into what it is given; else only the tensor that it was opened with is."""
        return len(self.input_shape) == 3 and self.input_shape[0] in (1, 3)

    @property
    def fault(self) -> Fault | None:
        """What ended its run on the first picture."""
        return None if self.first is None else self.first.fault

    @property
    def opened(self) -> bool:
        """Whether somebody's own code made it."""
        return bool(self.lines)

    def scores(self, network: nn.Module, x: Tensor) -> Tensor:
        """What `network`, a copy of this one, says to pictures x (B, C, S, S) before the softmax: (B, K)."""
        if self.answer is not None:
            return self.answer.scores(network, x)
        logits = getattr(network, "logits", network)
        return logits(x)  # type: ignore[no-any-return]

    @contextmanager
    def own_code(self) -> Iterator[None]:
        """Whatever the code of a network that was opened raises within becomes a sentence that names its line."""
        try:
            yield
        except (LenteError, ModelError, Stopped):
            raise
        except Exception as error:
            if not self.opened:
                raise
            line = own_line(error)
            template = N_("{title} fails at this: {kind}: {message} {line}")
            where = "" if line is None else f"({line.file}:{line.number}: {line.text})"
            facts = {"kind": type(error).__name__, "message": in_one_line(error), "line": where}
            raise BadInput("network_failed", template, title=self.title, **facts) from error

    @cached_property
    def anatomy(self) -> Anatomy:
        """How it is put together; the first time it costs a forward pass."""
        return anatomy(self.module, self.input_shape) if self.first is None else anatomy_of(self.module, self.first)

    @property
    def pass_bytes(self) -> int:
        """The bytes of what all its layers make of one picture."""
        return 4 * self.anatomy.values

    def once(self, make: Callable[["Shown"], Made]) -> Made:
        """What `make` makes of this network; made once."""
        if make not in self._made:
            self._made[make] = make(self)
        made: Made = self._made[make]
        return made

    def capture(self, prepared: Prepared, surgery: str = "") -> Capture:
        """What the network computes for `prepared`, after `surgery` (JSON, see lente.app.features.surgery)."""
        edits = read_surgery(surgery)
        module = operated(self.pristine, edits, self.anatomy) if edits else self.module
        return Capture(module, self.record(module, torch.from_numpy(prepared.values)[None]), prepared, self.module)

    def record(self, module: nn.Module, x: Tensor, layers: Sequence[str] | None = None, **how: bool) -> Recording:
        """What `module`, this network or a copy of it, computes for x; one that was opened breaks where it breaks."""
        if self.seed is not None:
            torch.manual_seed(self.seed)
        if module is self.module and not self.opened and layers is None and not how:
            plan = self.anatomy.recording
            if repeats(plan, x):
                return repeat(plan, x)
        return record(module, x, layers, until_fault=self.opened, copied=self.opened, **how)
