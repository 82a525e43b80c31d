"""Convolutions whose weights' gradient is one matrix product, where a CPU works it out faster so.

oneDNN's bf16 kernel for the gradient of a convolution's weights shares out its work by positions. The last stages of a
network have many channels and few positions left, and there the same sum written as a product of the unfolded pictures
and the gradient (im2col; Chellapilla, Puri and Simard 2006) takes less: a sixth of the time on one processor, half of
it with a stride and five sixths without on another. The forward pass and the gradient of the pictures stay with oneDNN:
as products they were faster on the first, but a quarter to two thirds slower on the second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

_CHANNELS_FOR_A_POSITION = 64
"""From so many products of channels for each position on, the matrix product was faster on every processor tried."""

Pair = tuple[int, int]


class MatrixGradients(TorchFunctionMode):
    """Inside, convolutions of a network that learns get the gradient of their weights by the faster way.

    It changes the order in which a sum is taken, nothing else.

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
    """x (B, C, H, W), weight (O, C, K, L) and bias (O,) or None to (B, O, H', W')."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None, stride: Pair, padding: Pair) -> Tensor:
        ctx.save_for_backward(x, weight)
        ctx.stride, ctx.padding = stride, padding
        with torch.autocast(x.device.type, enabled=False):
            return functional.conv2d(x, weight, bias, stride, padding)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, Tensor | None, Tensor | None, None, None]:
        x, weight = ctx.saved_tensors
        needs_x, needs_weight, needs_bias, *_ = ctx.needs_input_grad
        of_x = of_weight = of_bias = None
        if needs_x:
            of_x = torch.ops.aten.convolution_backward(
                gradient, x, weight, None, ctx.stride, ctx.padding, (1, 1), False, (0, 0), 1, (True, False, False)
            )[0]
        if needs_weight:
            of_weight = _weight_gradient(x, weight.shape, gradient, ctx.stride, ctx.padding)
        if needs_bias:
            of_bias = gradient.sum((0, 2, 3))
        return of_x, of_weight, of_bias, None, None


def _weight_gradient(x: Tensor, shape: torch.Size, gradient: Tensor, stride: Pair, padding: Pair) -> Tensor:
    """(O, C, K, L) from x (B, C, H, W) and the gradient (B, O, H', W') of the output."""
    outputs, channels, height, width = shape
    padded = functional.pad(x, (padding[1], padding[1], padding[0], padding[0])).permute(0, 2, 3, 1)
    patches = padded.unfold(1, height, stride[0]).unfold(2, width, stride[1])  # (B, H', W', C, K, L)
    columns = patches.permute(0, 1, 2, 4, 5, 3).reshape(-1, height * width * channels)
    rows = gradient.permute(0, 2, 3, 1).reshape(-1, outputs)
    return (rows.T @ columns).view(outputs, height, width, channels).permute(0, 3, 1, 2)
