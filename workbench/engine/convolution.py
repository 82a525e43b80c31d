"""Deep convolutions as matrix products, where a CPU works them out faster so.

oneDNN's bf16 kernels share out the work of a convolution by positions. The last stages of a network have many channels
and few positions left, and there forward and backward passes take two to three times as long as a product of the
unfolded pictures and the kernels (im2col; Chellapilla, Puri and Simard 2006), which are small by then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

_CHANNELS_FOR_A_POSITION = 32
"""From so many products of channels for each position on, the matrix product is the faster one."""

Pair = tuple[int, int]


class MatrixConvolutions(TorchFunctionMode):
    """Inside, the deep convolutions of a network that learns are matrix products.

    The sums are the same, taken in another order, and rounded as often as `dtype` asks for.

    Args:
        dtype: that they run in.
    """

    def __init__(self, dtype: torch.dtype) -> None:
        super().__init__()
        self._dtype = dtype

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        given = kwargs or {}
        if func is functional.conv2d and len(args) == 7 and not given:
            return self._convolve(*args)
        return func(*args, **given)

    def _convolve(
        self,
        x: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        stride: Pair,
        padding: Pair | str,
        dilation: Pair,
        groups: int,
    ) -> Tensor:
        learns = torch.is_grad_enabled() and weight.requires_grad and not torch.compiler.is_compiling()
        is_plain = groups == 1 and tuple(dilation) == (1, 1)
        if isinstance(padding, str) or not (learns and is_plain and _is_deep(x, weight, stride, padding)):
            return functional.conv2d(x, weight, bias, stride, padding, dilation, groups)
        own = (None if each is None else each.to(self._dtype) for each in (x, weight, bias))
        answer: Tensor = _Convolution.apply(*own, tuple(stride), tuple(padding))
        return answer


def _is_deep(x: Tensor, weight: Tensor, stride: Pair, padding: Pair) -> bool:
    """Whether the output has few positions for so many channels."""
    sizes = zip(x.shape[-2:], weight.shape[-2:], stride, padding, strict=True)
    positions = x.shape[0]
    for size, kernel, step, edge in sizes:
        positions *= (size + 2 * edge - kernel) // step + 1
    return weight.shape[0] * weight.shape[1] >= _CHANNELS_FOR_A_POSITION * positions


class _Convolution(torch.autograd.Function):
    """x (B, C, H, W), weight (O, C, K, L) and bias (O,) or None to (B, O, H', W'), channels last in memory."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None, stride: Pair, padding: Pair) -> Tensor:
        patches = _patches(x, (weight.shape[2], weight.shape[3]), stride, padding)
        columns, kernels = patches.flatten(3).flatten(0, 2), weight.permute(0, 2, 3, 1).flatten(1)
        ctx.save_for_backward(columns, kernels)
        ctx.shapes, ctx.stride, ctx.padding = (x.shape, weight.shape), stride, padding
        with torch.autocast(x.device.type, enabled=False):
            return functional.linear(columns, kernels, bias).view(*patches.shape[:3], -1).permute(0, 3, 1, 2)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, Tensor | None, Tensor | None, None, None]:
        columns, kernels = ctx.saved_tensors
        x_shape, (outputs, channels, height, width) = ctx.shapes
        needs_x, needs_weight, needs_bias, *_ = ctx.needs_input_grad
        rows = gradient.permute(0, 2, 3, 1).reshape(-1, outputs)
        of_x = of_weight = of_bias = None
        if needs_x:
            parts = (rows @ kernels).view(x_shape[0], *gradient.shape[2:], height, width, channels)
            of_x = _gathered(parts, x_shape, ctx.stride, ctx.padding)
        if needs_weight:
            of_weight = (rows.T @ columns).view(outputs, height, width, channels).permute(0, 3, 1, 2)
        if needs_bias:
            of_bias = rows.sum(dim=0)
        return of_x, of_weight, of_bias, None, None


def _patches(x: Tensor, kernel: Pair, stride: Pair, padding: Pair) -> Tensor:
    """What the kernel sees at each position, (B, H', W', K, L, C), of pictures (B, C, H, W)."""
    padded = functional.pad(x, (padding[1], padding[1], padding[0], padding[0])).permute(0, 2, 3, 1)
    return padded.unfold(1, kernel[0], stride[0]).unfold(2, kernel[1], stride[1]).permute(0, 1, 2, 4, 5, 3)


def _gathered(parts: Tensor, shape: torch.Size, stride: Pair, padding: Pair) -> Tensor:
    """(B, C, H, W), every value the sum of its places in `parts` (B, H', W', K, L, C), taken in float32."""
    batch, rows, columns, height, width, channels = parts.shape
    size = (batch, shape[2] + 2 * padding[0], shape[3] + 2 * padding[1], channels)
    whole = torch.zeros(size, dtype=torch.float32, device=parts.device)
    for i in range(height):
        for j in range(width):
            ends = i + (rows - 1) * stride[0] + 1, j + (columns - 1) * stride[1] + 1
            whole[:, i : ends[0] : stride[0], j : ends[1] : stride[1]] += parts[:, :, :, i, j]
    inner = whole[:, padding[0] : padding[0] + shape[2], padding[1] : padding[1] + shape[3]]
    return inner.to(parts.dtype).permute(0, 3, 1, 2)
