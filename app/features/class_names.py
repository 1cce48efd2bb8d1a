"""What classes are called in the language of the request, and the things that several of them are kinds of."""

from functools import cache

from lente.app.i18n import N_, translate
from lente.models.networks import imagenet

TEN = (
    N_("cassette player"), N_("chain saw"), N_("church"), N_("English springer"), N_("French horn"),
    N_("garbage truck"), N_("gas pump"), N_("golf ball"), N_("parachute"), N_("tench"),
)  # fmt: skip

THINGS = {
    "bag": N_("a bag"), "ball": N_("a ball"), "bear": N_("a bear"), "beetle": N_("a beetle"), "bird": N_("a bird"),
    "bottle": N_("a bottle"), "bridge": N_("a bridge"), "bus": N_("a bus"), "butterfly": N_("a butterfly"),
    "car": N_("a car"), "cat": N_("a cat"), "clock": N_("a clock"), "computer": N_("a computer"), "crab": N_("a crab"),
    "crocodile": N_("a crocodile"), "cup": N_("a cup"), "dog": N_("a dog"), "elephant": N_("an elephant"),
    "fence": N_("a fence"), "fish": N_("a fish"), "fox": N_("a fox"), "frog": N_("a frog"), "guitar": N_("a guitar"),
    "hat": N_("a hat"), "helmet": N_("a helmet"), "lizard": N_("a lizard"), "lobster": N_("a lobster or crayfish"),
    "monkey": N_("a monkey or an ape"), "mushroom": N_("a mushroom"), "piano": N_("a piano"), "plane": N_("a plane"),
    "pot": N_("a pot"), "rabbit": N_("a rabbit or a hare"), "salamander": N_("a salamander or a newt"),
    "screen": N_("a screen"), "ship": N_("a boat or a ship"), "shop": N_("a shop"), "skirt": N_("a skirt"),
    "snake": N_("a snake"), "spider": N_("a spider"), "squash": N_("a squash"), "swimsuit": N_("swimwear"),
    "telephone": N_("a telephone"), "train": N_("a train"), "truck": N_("a lorry"), "turtle": N_("a turtle"),
    "wild_cat": N_("a big cat"), "wolf": N_("a wolf or a wild dog"),
}  # fmt: skip


def class_names(classes: tuple[str, ...], language: str) -> tuple[str, ...]:
    """`classes`, which are in English, in `language` where that is known."""
    if classes == imagenet.names():
        return imagenet.names(language)
    return tuple(translate(language, name) if name in TEN else name for name in classes)


@cache
def things(classes: tuple[str, ...]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Things of which `classes` has several kinds, each a message, and the places of these."""
    if classes != imagenet.names():
        return ()
    return tuple((THINGS[group], places) for group, places in imagenet.groups())


def kinds_of(classes: tuple[str, ...], place: int) -> tuple[int, ...]:
    """Places of the classes that are kinds of the same thing as the class at `place`, which is among them."""
    return next((places for _, places in things(classes) if place in places), (place,))


@cache
def alone(classes: tuple[str, ...]) -> list[int]:
    """Places of the classes that are no kind of a thing with several."""
    kinds = {place for _, places in things(classes) for place in places}
    return [place for place in range(len(classes)) if place not in kinds]
