"""Networks to try things on: torchvision's with random weights, and small ones in the styles that tutorials teach."""

from functools import cache

import torch
import torchvision
from torch import Tensor, nn
from torch.nn import functional as F

from lente.models.tracing.recording import Recording, record

TORCHVISION = (
    "alexnet",
    "vgg16",
    "squeezenet1_1",
    "resnet18",
    "resnet50",
    "mobilenet_v3_large",
    "mobilenet_v3_small",
    "efficientnet_b0",
    "densenet121",
    "convnext_tiny",
)


def torchvision_network(name: str, size: int = 64) -> nn.Module:
    """Random weights; statistics of batch normalisation from noise, so that no layer is degenerate."""
    torch.manual_seed(sum(map(ord, name)))
    network: nn.Module = torchvision.models.get_model(name, weights=None)
    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    if norms:
        for norm in norms:
            norm.momentum = None
            nn.init.normal_(norm.bias, std=0.3)
        network.train()
        with torch.no_grad():
            network(torch.randn(4, 3, size, size))
    for module in network.modules():
        if isinstance(module, nn.Conv2d) and module.bias is not None:
            nn.init.normal_(module.bias, std=0.1)
    return network.eval()


@cache
def recorded(name: str, size: int = 64) -> Recording:
    """Everything that torchvision's network computes for one picture of noise."""
    torch.manual_seed(1)
    return record(torchvision_network(name, size), torch.randn(1, 3, size, size))


def sequential() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(3, 6, 3, padding=1, padding_mode="reflect"),
        nn.BatchNorm2d(6),
        nn.LeakyReLU(0.2),
        nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True),
        nn.Conv2d(6, 8, 2, padding="same", dilation=2),
        nn.Hardswish(),
        nn.MaxPool2d(3, stride=2, padding=1),
        nn.Dropout2d(),
        nn.Identity(),
        nn.Flatten(),
        nn.Linear(8 * 5 * 5, 10),
        nn.LogSoftmax(dim=1),
    )


class Functional(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 4, 5, stride=2)
        self.conv2 = nn.Conv2d(4, 6, 3)
        self.fc = nn.Linear(6 * 1 * 1, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = torch.tanh(self.conv2(x)).view(x.size(0), -1)
        x = F.dropout(x, training=self.training)
        return F.softmax(self.fc(x), dim=1)


class Residual(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.enter = nn.Conv2d(3, 6, 3, padding=1)
        self.conv = nn.Conv2d(6, 6, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(6)
        self.shortcut = nn.Conv2d(6, 6, 1)
        self.scale = nn.Parameter(torch.tensor(0.7))

    def forward(self, x: Tensor) -> Tensor:
        x = self.enter(x)
        y = self.norm(self.conv(x))
        y += self.shortcut(x)
        y = y * self.scale - x / 2
        return (1 - y).mean((2, 3))


def depthwise() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(3, 6, 3, padding=1, groups=3),
        nn.ReLU6(inplace=True),
        nn.Conv2d(6, 12, 1, groups=2),
        nn.SiLU(inplace=True),
        nn.ChannelShuffle(3),
        nn.AdaptiveMaxPool2d(5),
        nn.AdaptiveAvgPool2d((3, 2)),
    )


class MultiBranch(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.small = nn.Conv2d(3, 4, 1)
        self.large = nn.Conv2d(3, 4, 5, padding=2)
        self.pool = nn.MaxPool2d(3, stride=1, padding=1)
        self.squeeze = nn.Linear(11, 11)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.cat([self.small(x), self.large(x), self.pool(x)], dim=1)
        gate = torch.sigmoid(self.squeeze(x.mean(dim=[2, 3])))
        first, second = (x * gate[:, :, None, None]).chunk(2, dim=1)
        return first[:, :5] + second


class DictOutput(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ELU())
        self.heads = nn.ModuleDict({"class": nn.Linear(4, 3), "place": nn.Linear(4, 2)})

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        x = self.features(x).amax(dim=(2, 3))
        return {name: head(x) for name, head in self.heads.items()}


class Shared(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3, padding=1)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        for _ in range(3):
            x = self.relu(self.conv(x))
        return x


class InPlace(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.norm = nn.BatchNorm2d(4)

    def forward(self, x: Tensor) -> Tensor:
        x *= 2
        x = self.norm(self.conv(x))
        y = F.relu_(x)
        y.sub_(0.5).mul_(3)
        return y.clamp_(max=1).sum(dim=1, keepdim=True)


class Transposed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.down = nn.Conv2d(3, 8, 4, stride=2, padding=1)
        self.act = nn.GELU()
        self.up = nn.ConvTranspose2d(8, 4, 3, stride=2, padding=1, output_padding=1, groups=2, dilation=2)
        self.again = nn.ConvTranspose2d(4, 3, 4, stride=2, padding=1, bias=False)
        self.larger = nn.Upsample(scale_factor=2, mode="bilinear")
        self.nearest = nn.Upsample(scale_factor=2)
        self.shuffle = nn.PixelShuffle(2)

    def forward(self, x: Tensor) -> Tensor:
        x = self.act(self.down(x))
        fine, coarse = torch.sigmoid(self.again(self.up(x))), self.larger(self.nearest(self.shuffle(x)))
        return fine[:, :, :32:4, 1:9] * coarse[:, :1, ::8, :8]


class GroupNorm(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 3, padding=1, padding_mode="circular")
        self.group = nn.GroupNorm(3, 6)
        self.instance = nn.InstanceNorm2d(6, affine=True)
        self.prelu = nn.PReLU(6)
        self.layer = nn.LayerNorm([6, 16])

    def forward(self, x: Tensor) -> Tensor:
        x = self.prelu(self.instance(self.group(self.conv(x))))
        return self.layer(x.permute(0, 2, 1, 3)).transpose(1, 2).flatten(2).amax(dim=2)


class Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, 8, 4, stride=4)
        self.place = nn.Parameter(torch.randn(1, 16, 8))
        self.norm = nn.LayerNorm(8)
        self.qkv = nn.Linear(8, 24)

    def forward(self, x: Tensor) -> Tensor:
        x = self.patches(x).flatten(2).transpose(1, 2) + self.place
        q, k, v = self.qkv(self.norm(x)).split(8, dim=-1)
        return x + (q @ k.transpose(1, 2) / 8**0.5).softmax(dim=-1) @ v


class Heads(nn.Module):
    """Attention in two heads, as PyTorch has it, under a mask made in the forward pass."""

    def __init__(self) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, 8, 4, stride=4)
        self.qkv = nn.Linear(8, 24)
        self.out = nn.Linear(8, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = self.patches(x).flatten(2).transpose(1, 2)
        q, k, v = self.qkv(x).reshape(len(x), 16, 3, 2, 4).permute(2, 0, 3, 1, 4).unbind(0)
        seen = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        mask = x.new_zeros(16, 16)
        mask[:, ::3] = -100.0
        seen = seen + F.scaled_dot_product_attention(q, k, v, attn_mask=mask, scale=0.3)
        scores = (q @ k.transpose(2, 3)).masked_fill(mask < 0, -9.0).softmax(3)
        x = (seen + scores @ v).transpose(1, 2).reshape(len(x), 16, 8)
        return self.out(x).mean(1)


TUTORIALS = {
    "sequential": sequential,
    "functional": Functional,
    "residual": Residual,
    "depthwise": depthwise,
    "multi_branch": MultiBranch,
    "dict_output": DictOutput,
    "shared": Shared,
    "in_place": InPlace,
    "transposed": Transposed,
    "group_norm": GroupNorm,
    "attention": Attention,
    "heads": Heads,
}


def tutorial_network(name: str) -> nn.Module:
    """The small network, its normalisations away from their first values."""
    torch.manual_seed(7)
    network: nn.Module = TUTORIALS[name]()
    for module in network.modules():
        if isinstance(module, (nn.BatchNorm2d, nn.GroupNorm, nn.LayerNorm, nn.InstanceNorm2d)):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias)
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean)
            nn.init.uniform_(module.running_var, 0.5, 2)
    return network.eval()


def hooks_on(network: nn.Module) -> list[str]:
    """The modules that bear hooks, for which PyTorch has no public way to ask."""
    return [path for path, one in network.named_modules() if one._forward_hooks or one._forward_pre_hooks]
