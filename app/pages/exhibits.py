"""The exhibits of the pages, each of which can stand alone in a frame of a slide or an article."""

from lente.app.i18n import N_
from lente.app.pages.contexts import Exhibit

EXHIBITS = [
    Exhibit("pixels", "image", N_("A picture and its numbers"), ".image-exhibits > .exhibit"),
    Exhibit("channels", "image", N_("Three tables make a colour"), "lente-channels"),
    Exhibit("resolution", "image", N_("How many numbers does it take?"), "lente-resolution"),
    Exhibit("tensors", "image", N_("From one number to a tensor of five axes"), "lente-tensor-ladder"),
    Exhibit("convolution", "convolution", N_("Input, kernel and output"), ".stops-bar, .stage, lente-compare"),
    Exhibit("bench", "convolution", N_("The convolution with all its settings"), "lente-convolution"),
    Exhibit("network", "digits", N_("A digit and the network that reads it"), ".pad, .net, .answer, .why"),
    Exhibit("weights", "digits", N_("Look into the weights, and change them"), ".pad, .answer, #weights .exhibit"),
    Exhibit("shift", "digits", N_("Move it, and see what moves along"), ".pad, .answer, #shift .exhibit"),
    Exhibit("fool", "digits", N_("Fool it"), ".pad, .answer, #fool .exhibit"),
    Exhibit("ascent", "digits", N_("Fool it, step by step"), ".pad, .answer, #ascent .exhibit"),
    Exhibit("mistakes", "digits", N_("Where it is wrong"), "#mistakes .exhibit"),
    Exhibit("paper", "digits", N_("A digit on paper"), ".pad, .answer, #paper .exhibit"),
    Exhibit("learner", "learning", N_("One kernel learns"), "lente-one-kernel"),
    Exhibit("gradient", "learning", N_("One weight, one step"), "lente-one-step"),
    Exhibit("noise", "learning", N_("From noise"), "lente-from-noise"),
    Exhibit("features", "features", N_("A photograph on its way through a network"), "lente-picture-source, .features"),
    Exhibit("cubes", "features", N_("Thinner and deeper"), "lente-feature-cubes"),
    Exhibit("one", "features", N_("One map"), ".one, #kernels, #seeks, #carriers"),
    Exhibit("seeks", "features", N_("What does it look for?"), "lente-feature-seeks"),
    Exhibit("nudge", "features", N_("The smallest nudge that turns the answer"), "lente-feature-nudge"),
    Exhibit("why", "features", N_("Why this answer"), "lente-feature-why"),
    Exhibit("reliability", "features", N_("Can its percentages be believed?"), "lente-feature-reliability"),
    Exhibit("kernels", "features", N_("Its kernel"), "lente-feature-kernels"),
    Exhibit("bottleneck", "autoencoder", N_("Encoder, code, decoder"), "lente-bottleneck"),
    Exhibit(
        "turned",
        "autoencoder",
        N_("From recognising to generating: turn the network round"),
        "lente-digit-source, lente-turned",
    ),
    Exhibit("guesses", "autoencoder", N_("Predict before you look"), "lente-guesses"),
    Exhibit("ladder", "autoencoder", N_("The bottleneck, from 1 number to 32"), "lente-bottleneck-ladder"),
    Exhibit("ruler", "autoencoder", N_("What is a good loss?"), "lente-bottleneck-rulers"),
    Exhibit("places", "autoencoder", N_("Where the codes lie"), "lente-code-places"),
    Exhibit("map", "latent", N_("A map of handwriting"), "lente-latent-map"),
    Exhibit("numbers", "latent", N_("Ten numbers instead of two"), "lente-latent-numbers"),
    Exhibit("cloud", "latent", N_("From a dot to a cloud"), "lente-latent-cloud"),
    Exhibit("bells", "latent", N_("Four bell curves"), "lente-latent-bells"),
    Exhibit("aim", "latent", N_("Where would you aim?"), "lente-latent-aim"),
    Exhibit("betas", "latent", N_("The pull of beta"), "lente-latent-betas"),
    Exhibit("blend", "latent", N_("From one digit to another"), "lente-latent-blend"),
    Exhibit("landing", "latent", N_("Draw and land"), "lente-latent-landing"),
    Exhibit("film", "latent", N_("How the map came about"), "lente-latent-film"),
    Exhibit("walk", "latent", N_("A walk to take home"), "lente-latent-walk"),
    Exhibit("noising", "diffusion", N_("Noise in"), "lente-digit-source, lente-diffusion-in"),
    Exhibit("noisy", "diffusion", N_("What the network sees"), "lente-digit-source, lente-diffusion-seen"),
    Exhibit("denoising", "diffusion", N_("Noise out"), "lente-diffusion-out"),
    Exhibit("told", "diffusion", N_("Told what to draw"), "lente-diffusion-told"),
    Exhibit("scribble", "diffusion", N_("From a scribble"), "lente-diffusion-scribble"),
    Exhibit("fill", "diffusion", N_("Fill in"), "lente-diffusion-fill"),
    Exhibit("flow", "diffusion", N_("In the plane"), "lente-diffusion-plane"),
    Exhibit("versus", "diffusion", N_("Against the VAE"), "lente-diffusion-versus"),
    Exhibit("between", "diffusion", N_("Between two digits"), "lente-diffusion-between"),
]


def exhibits_of(noun: str) -> list[Exhibit]:
    """The exhibits of a page, in its order."""
    return [exhibit for exhibit in EXHIBITS if exhibit.noun == noun]


def style_of(exhibit: Exhibit) -> str:
    """A style sheet that leaves nothing of a page but the exhibit, what it lies in and what lies in it."""
    wanted = f":is({exhibit.selector})"
    return f"main :not(h1, {wanted}, {wanted} *, :has({wanted})) {{ display: none !important; }}\n"
