"""What a page's first exhibit asks the API for: the HTML asks for it already, while the scripts are on their way.

An address is written as the scripts write it, which take the answer in place of asking: static/js/shared/server/api.js.
"""

from dataclasses import dataclass

JSON = "application/json"
SAFETENSORS = "application/vnd.safetensors"
WEBP = "image/webp"


@dataclass(frozen=True)
class Early:
    """An address of the API, and the media type that is wanted of it."""

    address: str
    accept: str


_DIGITS = "/api/networks/digit_cnn"
_PHOTOS = "/api/networks/efficientnet_lite0"
_PLANE = "/api/latent/vae_2d"
_DIFFUSION = "/api/diffusion"
_READER = [Early(_DIGITS, JSON), Early(f"{_DIGITS}/kernels?half=true", SAFETENSORS)]
EARLY = {
    "home": [Early("/api/images/sample-cat?size=102", WEBP)],
    "image": [Early("/api/images", JSON), Early("/api/images/sample-cat?size=512", WEBP)],
    "convolution": [Early("/api/images", JSON), Early("/api/images/sample-cat?size=256", WEBP)],
    "learning": [Early("/api/images/sample-cat?size=102", WEBP)],
    "autoencoder": [Early("/api/latent/autoencoder_8d", JSON)],
    "diffusion": [Early(_DIFFUSION, SAFETENSORS), Early(f"{_DIFFUSION}/noise?seed=0&count=1", SAFETENSORS)],
    "digits": [*_READER, Early("/api/digits/judge?half=true", SAFETENSORS)],
    "features": [
        Early(_PHOTOS, JSON),
        Early(f"{_PHOTOS}/activations/sample-cat?layer=stem_relu&light=true", SAFETENSORS),
        Early(f"{_PHOTOS}/input/sample-cat?whole=true", SAFETENSORS),
        Early(f"{_PHOTOS}/prediction/sample-cat?limit=5", JSON),
    ],
    "latent": [Early(_PLANE, JSON), Early(f"{_PLANE}/map?half=true", SAFETENSORS), *_READER],
}
