"""Reading a file of weights without trusting it."""

from __future__ import annotations

import pickle
import pickletools
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from workbench.core.errors import RequestError

_NESTS = ("state_dict", "model_state_dict", "model", "network", "net", "weights", "params", "teacher", "student")
"""Names under which training programs put the state dict inside a checkpoint."""
_CALLS = ("REDUCE", "INST", "OBJ", "NEWOBJ", "NEWOBJ_EX")
"""What makes a pickle call something."""
_ASK = "Write file: and the path of a .pt, .pth or .safetensors file."
_SAVE = "Save the weights alone with torch.save(model.state_dict(), PATH) and give that file."


def read_state(path: Path) -> dict[str, Tensor]:
    """The tensors of a `.pt`, `.pth` or `.safetensors` file by their names, on the CPU as they were stored.

    Nothing in the file is ever executed.

    Raises:
        RequestError: it is not there, or no such file; one sentence says what it is.
    """
    _refuse_what_is_no_file_of_weights(path)
    document = _read_safetensors(path) if path.suffix.lower() == ".safetensors" else _read_torch(path)
    while isinstance(document, Mapping):
        inner = [document[key] for key in _NESTS if isinstance(document.get(key), Mapping)]
        if not inner:
            break
        document = inner[0]
    if isinstance(document, Mapping):
        tensors = {str(name): value for name, value in document.items() if isinstance(value, Tensor)}
        if tensors:
            return tensors
    raise RequestError(f"{path} holds no state dict.", _SAVE)


def _refuse_what_is_no_file_of_weights(path: Path) -> None:
    if not path.exists():
        raise RequestError(f"There is no file {path}.", _ASK)
    if not path.is_file():
        raise RequestError(f"{path} is a folder, not a file of weights.", _ASK)
    try:
        with open(path, "rb") as file:
            start = file.read(512)
    except OSError as error:
        raise RequestError(f"{path} cannot be read: {error.strerror}.", _ASK) from error
    if not start:
        raise RequestError(f"{path} is empty.", "Download or copy it again.")
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise RequestError(f"{path} is a web page, not a file of weights.", "Download the file itself.")
    if start.startswith(b"version https://git-lfs"):
        raise RequestError(f"{path} only points to a file in Git LFS.", "Fetch the file with git lfs pull.")


def _read_safetensors(path: Path) -> Any:
    try:
        return load_file(path)
    except (SafetensorError, OSError, ValueError, KeyError) as error:
        raise RequestError(
            f"{path} is no intact safetensors file.", "Download or copy it again, or give another file."
        ) from error


def _read_torch(path: Path) -> Any:
    if zipfile.is_zipfile(path) and not _is_torch_archive(path):
        raise RequestError(f"{path} is a zip archive, not a file of weights.", "Unpack it and give the file inside.")
    try:
        with warnings.catch_warnings(action="ignore"):
            return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        if "GLOBAL" in str(error) or "global" in str(error) or _calls(path):
            raise RequestError(f"{path} is not opened, because it could run code of its own.", _SAVE) from error
        raise _foreign(path) from error
    # Bytes of any origin make the reader fail in any way; none of it is a fault of the program.
    except Exception as error:
        if "TorchScript" in str(error):
            raise RequestError(f"{path} is a TorchScript program, not weights alone.", _SAVE) from error
        raise _foreign(path) from error


def _calls(path: Path) -> bool:
    """Whether it is a bare pickle that calls something; of a newer kind than its own, torch's reader tells nothing."""
    try:
        with open(path, "rb") as file:
            return any(code.name in _CALLS for code, _, _ in pickletools.genops(file))
    # Bytes of any origin, here too.
    except Exception:  # noqa: BLE001
        return False


def _is_torch_archive(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.rpartition("/")[2] == "data.pkl" for name in archive.namelist())
    except (zipfile.BadZipFile, OSError):
        return False


def _foreign(path: Path) -> RequestError:
    return RequestError(f"{path} is not an intact file of weights.", "Download or copy it again, or give another file.")
