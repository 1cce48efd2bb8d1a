"""A network as the pages show it. Importing this module imports torch."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeVar

import torch
from torch import Tensor, nn

from lente.app.features.anatomy import Anatomy, anatomy
from lente.app.features.captures import Capture
from lente.app.features.outputs import Answer
from lente.app.features.preparation import Preparation, Prepared
from lente.app.features.surgery import operated, read_surgery
from lente.models.networks.familiarity import Familiarity, Rule
from lente.models.tracing.recording import record

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
    _made: dict[Callable[..., Any], Any] = field(default_factory=dict, init=False, repr=False)

    @property
    def input_shape(self) -> tuple[int, int, int]:
        side = self.preparation.size
        return (1 if self.kind == "digit" else self.preparation.channels, side, side)

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

    @cached_property
    def anatomy(self) -> Anatomy:
        """How it is put together; the first time it costs a forward pass."""
        return anatomy(self.module, self.input_shape)

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
        return Capture(module, record(module, torch.from_numpy(prepared.values)[None]), prepared, self.module)
