"""What the API of convolution accepts at most; the page is told the same. It imports little: pages come first."""

from lente.models.convolution.bounds import Bounds

BOUNDS = Bounds(number=1e12, numbers=262_144, side=31, stride=256, padding=256, dilation=64)
LARGEST_PICTURE = 8192
