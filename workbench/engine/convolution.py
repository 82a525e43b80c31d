"""Deep convolutions worked out in part or as a whole by matrix products, where a CPU is faster so.

oneDNN's bf16 kernels share out the work of a convolution by positions. The last stages of a network have many channels
and few positions left, and there the same sums written as products of the unfolded pictures (im2col; Chellapilla, Puri
and Simard 2006) may take less: which of them do differs from processor to processor. On one, all three passes took a
third of the time; on another, the forward pass and the gradient of the pictures took longer, and only the gradient of
the weights less.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

Pair = tuple[int, int]


class Call(NamedTuple):
    """What a convolution is given: shapes of pictures (B, C, H, W) and weights (O, C, K, L), and how it goes along."""

    pictures: tuple[int, ...]
    weights: tuple[int, ...]
    stride: Pair
    padding: Pair

    @property
    def positions(self) -> Pair:
        """H' and W' of the output."""
        sizes = zip(self.pictures[-2:], self.weights[-2:], self.stride, self.padding, strict=True)
        height, width = ((size + 2 * edge - kernel) // step + 1 for size, kernel, step, edge in sizes)
        return height, width

    @property
    def depth(self) -> float:
        """Products of channels for each position of all pictures of the output."""
        height, width = self.positions
        return self.weights[0] * self.weights[1] / (self.pictures[0] * height * width)


class _Convolutions(TorchFunctionMode):
    """Inside, plain convolutions that learn, or will, are carried out by `_carry_out`."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        call = _call(func, args, kwargs)
        return func(*args, **(kwargs or {})) if call is None else self._carry_out(call, args)

    def _carry_out(self, call: Call, args: tuple[Any, ...]) -> Any:
        return functional.conv2d(*args)


class DeepConvolutions(_Convolutions):
    """Inside, deep convolutions of a network that learns are worked out in one of the ways.

    The sums are the same, taken in another order, and rounded as often as `dtype` asks for.

    Args:
        way: one of WAYS.
        dtype: that they run in.
    """

    def __init__(self, way: str, dtype: torch.dtype) -> None:
        super().__init__()
        self._way, self._dtype = WAYS[way], dtype

    def _carry_out(self, call: Call, args: tuple[Any, ...]) -> Any:
        learns = torch.is_grad_enabled() and not torch.compiler.is_compiling()
        if not learns or call.depth < self._way.least_depth:
            return super()._carry_out(call, args)
        own = (None if each is None else each.to(self._dtype) for each in args[:3])
        return self._way.function.apply(*own, call.stride, call.padding)


class _Noting(_Convolutions):
    """Counts them."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: Counter[Call] = Counter()

    def _carry_out(self, call: Call, args: tuple[Any, ...]) -> Any:
        self.calls[call] += 1
        return super()._carry_out(call, args)


def deep_calls(act: Callable[[], object], times: int) -> Counter[Call]:
    """The convolutions, and how often each comes, that some way works out otherwise than torch.

    Args:
        act: carries them out on a few pictures.
        times: by which their number is multiplied.
    """
    with _Noting() as noting, torch.no_grad():
        act()
    found: Counter[Call] = Counter()
    for call, count in noting.calls.items():
        found[call._replace(pictures=(times * call.pictures[0], *call.pictures[1:]))] += count
    least = min(way.least_depth for way in WAYS.values())
    return Counter({call: count for call, count in found.items() if call.depth >= least})


def _call(func: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any] | None) -> Call | None:
    """What a plain convolution that learns is given; None for everything else."""
    if func is not functional.conv2d or len(args) != 7 or kwargs:
        return None
    x, weight, _, stride, padding, dilation, groups = args
    if isinstance(padding, str) or groups != 1 or tuple(dilation) != (1, 1) or not weight.requires_grad:
        return None
    return Call(tuple(x.shape), tuple(weight.shape), tuple(stride), tuple(padding))


class _Gradients(torch.autograd.Function):
    """x (B, C, H, W), weight (O, C, K, L) and bias (O,) or None to (B, O, H', W').

    Only the gradient of the weights is a product.
    """

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
            of_weight = _of_weight(_rows(gradient), _columns(x, weight.shape, ctx.stride, ctx.padding), weight.shape)
        if needs_bias:
            of_bias = gradient.sum((0, 2, 3))
        return of_x, of_weight, of_bias, None, None


class _Products(torch.autograd.Function):
    """The same, with the answer and both gradients as products."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None, stride: Pair, padding: Pair) -> Tensor:
        call = Call(tuple(x.shape), tuple(weight.shape), stride, padding)
        columns, kernels = _columns(x, weight.shape, stride, padding), weight.permute(0, 2, 3, 1).flatten(1)
        ctx.save_for_backward(columns, kernels)
        ctx.call = call
        with torch.autocast(x.device.type, enabled=False):
            answer = functional.linear(columns, kernels, bias)
        return answer.view(len(x), *call.positions, -1).permute(0, 3, 1, 2)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, Tensor | None, Tensor | None, None, None]:
        columns, kernels = ctx.saved_tensors
        needs_x, needs_weight, needs_bias, *_ = ctx.needs_input_grad
        rows = _rows(gradient)
        of_x = _gathered(rows @ kernels, ctx.call) if needs_x else None
        of_weight = _of_weight(rows, columns, ctx.call.weights) if needs_weight else None
        return of_x, of_weight, rows.sum(dim=0) if needs_bias else None, None, None


def _rows(gradient: Tensor) -> Tensor:
    """(B·H'·W', O) of the gradient (B, O, H', W') of the output."""
    return gradient.permute(0, 2, 3, 1).reshape(-1, gradient.shape[1])


def _columns(x: Tensor, shape: Sequence[int], stride: Pair, padding: Pair) -> Tensor:
    """What weights (O, C, K, L) see at each position of x (B, C, H, W): (B·H'·W', K·L·C)."""
    _, channels, height, width = shape
    padded = functional.pad(x, (padding[1], padding[1], padding[0], padding[0])).permute(0, 2, 3, 1)
    patches = padded.unfold(1, height, stride[0]).unfold(2, width, stride[1])  # (B, H', W', C, K, L)
    return patches.permute(0, 1, 2, 4, 5, 3).reshape(-1, height * width * channels)


def _of_weight(rows: Tensor, columns: Tensor, shape: Sequence[int]) -> Tensor:
    """The gradient of weights (O, C, K, L)."""
    outputs, channels, height, width = shape
    return (rows.T @ columns).view(outputs, height, width, channels).permute(0, 3, 1, 2)


def _gathered(parts: Tensor, call: Call) -> Tensor:
    """x (B, C, H, W), each value the sum of its places in `parts` (B·H'·W', K·L·C), taken in float32."""
    batch, channels, height, width = call.pictures
    (rows, columns), (tall, wide) = call.positions, call.weights[-2:]
    parts = parts.view(batch, rows, columns, tall, wide, channels)
    (down, right), (top, left) = call.stride, call.padding
    whole = torch.zeros(
        (batch, height + 2 * top, width + 2 * left, channels), dtype=torch.float32, device=parts.device
    )
    for i in range(tall):
        for j in range(wide):
            ends = i + (rows - 1) * down + 1, j + (columns - 1) * right + 1
            whole[:, i : ends[0] : down, j : ends[1] : right] += parts[:, :, :, i, j]
    inner = whole[:, top : top + height, left : left + width]
    return inner.to(parts.dtype).permute(0, 3, 1, 2)


class _Way(NamedTuple):
    """What works a convolution out, and from which depth on it was seen to be the faster one on some processor."""

    function: type[torch.autograd.Function]
    least_depth: int


WAYS: dict[str, _Way] = {
    "gradients": _Way(_Gradients, 64),
    "products": _Way(_Products, 32),
}
"""All that `Resolved.convolutions` may be, but torch's own."""
