"""Arguments of convolutions: images, kernels, and how a kernel steps over what it is laid on."""

from numbers import Integral
from typing import Any

from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array
from mathref._arguments.shapes import as_vector
from mathref._arguments.single import as_integer, shown

Pair = tuple[int, int]
MODES = ("full", "same", "valid")


def as_pair(x: Any, name: str, *, least: int) -> Pair:
    """Whole numbers for height and width; one stands for both."""
    if isinstance(x, Integral):
        x = (x, x)
    if not isinstance(x, (tuple, list)):
        raise TypeError(f"{name} must be an integer or a pair of them, but it is {shown(x)}")
    if len(x) != 2:
        raise ValueError(f"{name} must be an integer or a pair (height, width), but it has {len(x)} entries")
    height, width = (as_integer(entry, name, least=least) for entry in x)
    return height, width


def as_images(x: ArrayLike, name: str) -> Array:
    """Array of shape (images, channels, height, width)."""
    array = as_array(x, name, real=True)
    if array.ndim != 4:
        hint = f"; write {name}[None, None] for one image of one channel" if array.ndim == 2 else ""
        raise ValueError(
            f"{name} must have the axes (images, channels, height, width), but its shape is {array.shape}{hint}"
        )
    return array


def as_kernel(kernel: ArrayLike, name: str, channels: int, groups: int) -> Array:
    """Array of shape (channels out, channels in, height, width) for images of so many channels."""
    array = as_array(kernel, name, real=True)
    if array.ndim != 4:
        hint = f"; write {name}[None, None] for one channel in and out" if array.ndim == 2 else ""
        raise ValueError(
            f"{name} must have the axes (channels out, channels in, height, width), but its shape is "
            f"{array.shape}{hint}"
        )
    if channels % groups or len(array) % groups:
        raise ValueError(
            f"groups must divide the {channels} channels of x and the {len(array)} of {name}, but it is {groups}"
        )
    if array.shape[1] != channels // groups:
        of_a_group = f" of each of {groups} groups" if groups > 1 else ""
        raise ValueError(
            f"{name} must have {channels // groups} channels in, as x has{of_a_group}, but its shape is {array.shape}"
        )
    return array


def as_bias(bias: ArrayLike | None, name: str, channels: int) -> Array | None:
    """A number for each channel, or None."""
    if bias is None:
        return None
    array = as_vector(bias, name, real=True)
    if len(array) != channels:
        raise ValueError(f"{name} must have {channels} entries, one for each kernel, but its shape is {array.shape}")
    return array


def places(n: int, size: int, name: str, *, stride: int, padding: int, dilation: int) -> int:
    """At how many places a kernel of this size lies within n entries; refused if there is none."""
    span, length = dilation * (size - 1) + 1, n + 2 * padding
    if span > length:
        spans = f"its {size} entries span {span} with dilation {dilation}" if dilation > 1 else f"its length is {size}"
        padded = f" and padding of {padding} on both sides" if padding else ""
        raise ValueError(f"{name} must fit into an input of length {n}{padded}, but {spans}")
    return (length - span) // stride + 1


def as_windows(layers: Any, name: str) -> list[tuple[int, int, int]]:
    """Kernel, stride and dilation of layer after layer."""
    if not isinstance(layers, (list, tuple)):
        raise TypeError(f"{name} must be a list of pairs (kernel, stride), but it is {shown(layers)}")
    if not layers:
        raise ValueError(f"{name} must hold at least one pair (kernel, stride), but there is none")
    result = []
    for i, layer in enumerate(layers):
        if not isinstance(layer, (list, tuple)):
            raise TypeError(f"{name}[{i}] must be a pair (kernel, stride), but it is {shown(layer)}")
        if len(layer) not in (2, 3):
            raise ValueError(
                f"{name}[{i}] must be (kernel, stride) or (kernel, stride, dilation), but it has {len(layer)} entries"
            )
        kernel, stride, dilation = (as_integer(entry, f"{name}[{i}]", least=1) for entry in (*layer, 1)[:3])
        result.append((kernel, stride, dilation))
    return result
